package storage

import "microcourt/model"

// tables lists one value of every stored type: the drift test compares them
// with the migrated columns, rekeying looks for sealed fields in them.
var tables = []any{
	&model.Court{}, &model.User{}, &model.StaffAccount{}, &model.RoleGrant{}, &model.WeChatIdentity{}, &model.Session{},
	&model.StaffLink{}, &model.KnownPlace{}, &model.SignOnIdentity{}, &model.SavedFilter{}, &model.President{}, &model.SigningAuthority{},
	&model.ScanTicket{}, &model.APIKey{}, &model.Attempt{}, &documentSeries{},
	&model.Case{}, &caseTally{}, &model.Party{}, &model.SearchWord{}, &model.Binding{}, &model.BindingCode{}, &model.Instrument{}, &model.Obligation{},
	&model.Obligor{}, &model.Installment{}, &model.Succession{}, &model.Handover{}, &model.Contact{}, &model.Promise{}, &model.PeriodEntry{},
	&model.File{}, &model.Receipt{}, &model.ReceiptTarget{}, &model.GroupPayment{}, &model.Redaction{}, &model.ReceiptFlag{}, &model.ObligeeResponse{}, &model.DeskAct{}, &model.Looker{},
	&model.Confirmation{}, &model.Allocation{}, &model.Deposit{}, &model.DepositEntry{}, &model.DepositWish{}, &model.Distribution{}, &model.DistributionClaim{}, &model.DistributionObjection{}, &model.CaseMoney{}, &model.CaseMoneyEntry{}, &model.Payout{}, &model.PayoutDelay{}, &model.DebtEntry{}, &model.PlanAgreement{}, &model.PlanConsent{}, &model.PrimeRate{},
	&model.Certificate{}, &model.CertificateApplication{}, &model.ShareCode{}, &model.Lookup{},
	&model.Step{}, &model.ScheduleAct{}, &model.Consent{}, &model.PaperTask{}, &model.Unreached{}, &model.Notice{}, &model.NoticeRead{}, &model.OutboxMessage{}, &model.DeliveryReport{},
	&model.CalendarVersion{}, &model.DocumentTemplate{}, &model.Document{}, &model.PaperPrint{}, &model.Follower{}, &model.PushEvent{}, &model.DoneAct{}, &model.AskedKey{}, &model.SubscriptionEntry{},
	&model.Conversation{}, &model.Message{}, &model.MessageFile{}, &model.ConversationRead{}, &model.ReadyAnswerList{}, &model.PictureCheck{}, &model.CallBack{}, &model.CallEntry{},
	&model.Relative{}, &model.RelativeEntry{}, &model.RelativeCode{}, &model.PaymentReference{}, &model.PaymentAccount{}, &model.AccountCall{}, &model.AccountEntry{}, &model.Petition{}, &model.PetitionEntry{}, &model.Absence{},
	&model.JobRun{}, &model.InstallationMark{}, &model.Ending{},
	&model.StrayObject{}, &model.MissingObject{}, &model.VoidNumber{}, &model.Recovery{},
	&model.Import{}, &model.ImportSample{}, &model.DossierItem{},
	&model.PrisonLetter{}, &model.AdministrativeDecision{}, &model.SurchargeReduction{},
	&model.EnforcementCase{}, &model.EnforcementParty{}, &model.EnforcedObligation{}, &model.Task{},
	&model.AssetQuery{}, &model.AssetFinding{}, &model.AssetQueryFile{}, &model.Village{}, &model.Liaison{}, &model.LiaisonVillage{}, &model.LiaisonEntry{},
	&model.LiaisonCode{}, &model.Assistance{}, &model.AssistanceFile{},
	&model.Settlement{}, &model.ReleaseReview{}, &model.RepairApplication{}, &model.RepairCheck{},
	&model.Measure{}, &model.RefusalAct{}, &model.RoundEntry{}, &model.MeasureEntry{}, &model.MeasureReview{}, &model.CleanUp{}, &model.SpendingPermit{}, &model.Prolongation{},
	&model.AuditEntry{}, &auditHead{},
	&model.Agency{}, &model.AgencyContact{}, &model.AgencyChange{}, &model.AgencyDuty{}, &model.AgencyTask{}, &model.AgencyReport{}, &model.DutyList{}, &model.DutyBackfill{},
}
