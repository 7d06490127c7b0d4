package storage

import (
	"reflect"
	"strings"
	"testing"
)

// notInTheFile are the tables of cases whose rows are no material of their own, and
// why. A new table of cases is listed here or in dossierFrom: nothing is forgotten.
var notInTheFile = map[string]string{
	"SearchWord": "an index", "Redaction": "its copy is a file", "DeskAct": "what came of it is an entry of the ledger or a notice", "Unreached": "work; how he was told is a contact or a paper",
	"PaymentAccount": "told by a notice; how to pay is nothing that was filed", "AccountCall": "the court's own check of an account",
	"Case": "the case itself", "caseTally": "a count", "Party": "a part of the case", "Binding": "who may look, not evidence", "BindingCode": "a secret", "Instrument": "the case system's own",
	"Obligation": "a part of the instrument", "Obligor": "a part of the obligation", "Installment": "a part of the obligation", "Succession": "told by a notice, its paper is a file",
	"Handover": "told by notices", "Promise": "told by a notice", "PeriodEntry": "its paper is a file", "Step": "a plan; what was sent is a notice", "ScheduleAct": "a plan",
	"ReceiptTarget": "a part of the receipt", "ReceiptFlag": "a part of the receipt", "Allocation": "a part of the entry of the ledger", "DebtEntry": "told by a notice, its paper is a file",
	"PlanAgreement": "its paper is a file", "PlanConsent": "told by notices", "Deposit": "told by a notice, its paper is a file", "DepositEntry": "told by notices", "DepositWish": "a document",
	"CertificateApplication": "answered by the certificate or by a notice", "Consent": "its paper is a file, and the proof of service quotes it", "Conversation": "its record is a document", "Message": "the record of its conversation is a document",
	"CallBack": "in the record of the conversation", "Relative": "between the family and the court", "RelativeEntry": "between the family and the court", "RelativeCode": "a secret", "PaymentReference": "a reference",
	"Petition": "between the family and the court; its paper is a file", "PaperPrint": "a print of a document", "DoneAct": "a repeat", "DossierItem": "the catalogue itself", "AuditEntry": "the trail",
	"EnforcementCase": "of the enforcement file", "EnforcementParty": "of the enforcement file", "EnforcedObligation": "of the enforcement file", "Task": "work, not evidence", "AssetQuery": "of the enforcement file, with limits of its own",
	"AssetFinding": "of the enforcement file, with limits of its own", "Assistance": "of the enforcement file", "Settlement": "its paper is a file", "ReleaseReview": "told by notices", "RepairApplication": "told by notices",
	"Measure": "its papers are documents", "RefusalAct": "its papers are files", "RoundEntry": "its papers are files", "MeasureReview": "its papers are files", "CleanUp": "work, not evidence", "SpendingPermit": "a document", "Prolongation": "a document",
	"PrisonLetter": "its statement is a document", "AdministrativeDecision": "of the case itself", "SurchargeReduction": "its paper is a file", "Distribution": "of the enforcement file", "DistributionClaim": "of the enforcement file",
	"CaseMoney": "of the enforcement file", "Payout": "of the enforcement file", "PayoutDelay": "of the enforcement file",
	"DistributionObjection": "of the enforcement file", "VoidNumber": "a number", "Lookup": "a look", "AgencyTask": "of the agencies", "AgencyReport": "of the agencies", "DutyBackfill": "of the agencies", "ShareCode": "a secret",
	"MissingObject": "operations", "PictureCheck": "a check of a picture", "AssetQueryFile": "of the enforcement file, with limits of its own", "AssistanceFile": "of the enforcement file", "RepairCheck": "told by notices", "ImportSample": "a sample", "MeasureEntry": "its papers are documents",
}

func TestNoTableOfCasesIsForgottenInTheFile(t *testing.T) {
	t.Parallel()
	filed := map[string]bool{}
	for _, from := range dossierFrom {
		name, _, _ := strings.Cut(from.table, " ")
		filed[name] = true
	}
	known := map[string]string{
		"receipts": "Receipt", "files": "File", "obligee_responses": "ObligeeResponse", "confirmations": "Confirmation", "documents": "Document", "certificates": "Certificate",
		"notices": "Notice", "outbox": "OutboxMessage", "paper_tasks": "PaperTask", "contacts": "Contact",
	}
	inFile := map[string]bool{}
	for name := range filed {
		if known[name] == "" {
			t.Errorf("table %s is unknown here", name)
		}
		inFile[known[name]] = true
	}
	for _, row := range tables {
		typ := reflect.TypeOf(row).Elem()
		if _, ofCase := typ.FieldByName("CaseID"); !ofCase || inFile[typ.Name()] {
			continue
		}
		if notInTheFile[typ.Name()] == "" {
			t.Errorf("%s belongs to a case: list it in dossierFrom, or say in notInTheFile why it is no material", typ.Name())
		}
	}
}
