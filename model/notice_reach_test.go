package model

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// The people of the table: each notice is for one of them.
const (
	toDebtor, toCreditor                        = 1, 2 // parties
	theJudge, theOfficer, theLeader             = 8, 9, 20
	aRelative, inAgency, aLiaison, aListManager = 30, 40, 50, 60
	theDeputy, theSender                        = 70, 80
)

// reached is one notice of the table as it has to be.
type reached struct {
	n  Notice
	to int64 // a party's number or a user's
	// own says that the addressee did himself what the notice speaks of.
	own bool
	// acts are the words in which it names who did something, besides who is responsible.
	acts string
}

// scene is who acted, and who is responsible now.
type scene struct {
	name    string
	hand    func(*Receipt)
	self    bool  // the debtor handed it in himself
	officer int64 // 0: the trial judge is responsible
	by      int64 // who decided
}

func (s scene) responsible() int64 { return ResponsibleFor(theJudge, s.officer).UserID }

func (s scene) receipt() Receipt {
	r := Receipt{
		ID: 6, CourtID: 9, CaseID: 1, PartyID: toDebtor, UserID: theSender, JudgeID: theJudge, OfficerID: s.officer, DecidedBy: s.by, CaseNo: "（2026）浙0211民初1号",
		ClaimedFen: Yuan(500), ConfirmedFen: Yuan(400), PaidOn: NewDate(2026, 3, 2), ReturnReason: "图片不清", PayerName: "王秀英",
	}
	s.hand(&r)
	return r
}

// said names who decided, where that is not who is responsible.
func (s scene) said(what string) string {
	if s.by == theJudge && s.officer != 0 {
		return RoleJudge.Chinese() + what
	}
	return ""
}

// scenes are all hands by which something comes, with each who may be responsible and
// each who may have decided.
func scenes() (out []scene) {
	hands := []struct {
		name string
		set  func(*Receipt)
		self bool
	}{
		{"himself", func(*Receipt) {}, true},
		{"his agent", func(r *Receipt) { r.HandedBy = HandedByAgent }, false},
		{"his guardian", func(r *Receipt) { r.HandedBy = HandedByGuardian }, false},
		{"the window", func(r *Receipt) { r.HandedBy = HandedByWindow }, false},
		{"his family", func(r *Receipt) { r.RelativeID = 3 }, false},
		{"an import", func(r *Receipt) { r.ImportID = 3 }, false},
		{"a deposit", func(r *Receipt) { r.DepositID = 3 }, false},
		{"a plan", func(r *Receipt) { r.DistributionID = 3 }, false},
	}
	for _, h := range hands {
		for _, who := range []struct {
			name        string
			officer, by int64
		}{{"the judge", 0, theJudge}, {"the officer", theOfficer, theOfficer}, {"the judge while an officer enforces", theOfficer, theJudge}} {
			out = append(out, scene{h.name + ", decided by " + who.name, h.set, h.self, who.officer, who.by})
		}
	}
	return out
}

// reaches says for each kind of notice whom it reaches and what it says, in a scene. A
// kind that is about enforcement says nothing while nobody enforces.
var reaches = func() map[NoticeKind]func(scene) []reached {
	debts := aDebt()
	debts.Case.JudgeID = theJudge
	cs, court := debts.Case, scheduleCourt
	day, now := NewDate(2026, 3, 9), nineOn(3, 2)
	one := func(f func(scene) reached) func(scene) []reached {
		return func(s scene) []reached { return []reached{f(s)} }
	}
	both := func(f func(s scene, party int64) Notice) func(scene) []reached {
		return func(s scene) []reached {
			return []reached{{n: f(s, toDebtor), to: toDebtor}, {n: f(s, toCreditor), to: toCreditor}}
		}
	}
	enforced := func(f func(s scene, e EnforcementFile) []reached) func(scene) []reached {
		return func(s scene) []reached {
			if s.officer == 0 {
				return nil
			}
			return f(s, EnforcementFile{EnforcementCase: EnforcementCase{ID: 5, CourtID: 9, CaseID: 1, CaseNo: "（2026）浙0211执1号", OfficerID: s.officer, PerformBy: day, ClosedOn: day}})
		}
	}
	parties := func(f func(e EnforcementFile, party int64) Notice) func(scene) []reached {
		return enforced(func(_ scene, e EnforcementFile) []reached {
			return []reached{{n: f(e, toDebtor), to: toDebtor}, {n: f(e, toCreditor), to: toCreditor}}
		})
	}
	debtor := func(f func(e EnforcementFile) Notice) func(scene) []reached {
		return enforced(func(_ scene, e EnforcementFile) []reached { return []reached{{n: f(e), to: toDebtor}} })
	}
	officer := func(f func(e EnforcementFile) Notice) func(scene) []reached {
		return enforced(func(s scene, e EnforcementFile) []reached { return []reached{{n: f(e), to: s.officer}} })
	}
	leader := func(f func(e EnforcementFile) Notice) func(scene) []reached {
		return enforced(func(_ scene, e EnforcementFile) []reached { return []reached{{n: f(e), to: theLeader}} })
	}
	judge := func(f func() Notice) func(scene) []reached {
		return func(scene) []reached { return []reached{{n: f(), to: theJudge}} }
	}
	// To who answers people now and his deputy, whoever that is.
	answering := func(f func(userID int64) Notice) func(scene) []reached {
		return func(s scene) []reached {
			return []reached{{n: f(s.responsible()), to: s.responsible()}, {n: f(theDeputy), to: theDeputy}}
		}
	}
	relative := func(own bool, f func(Relative) Notice) func(scene) []reached {
		return func(s scene) []reached {
			r := Relative{ID: 7, CourtID: 9, UserID: aRelative, Name: "王秀英", Relation: RelationSpouse, State: RelativeBlocked, Reason: "言语过激", CaseID: 1, PartyID: toDebtor, OfficerID: s.officer}
			if s.officer != 0 {
				r.EnforcementCaseID = 5
			}
			return []reached{{n: f(r), to: aRelative, own: own}}
		}
	}
	agency := func(f func() Notice) func(scene) []reached {
		return func(scene) []reached { return []reached{{n: f(), to: inAgency}} }
	}
	manager := func(f func() Notice) func(scene) []reached {
		return func(scene) []reached { return []reached{{n: f(), to: aListManager}} }
	}
	measure := Measure{ID: 11, CourtID: 9, CaseID: 1, PartyID: toDebtor, Kind: MeasureListing, SubjectName: "李某", State: MeasureDecided}
	deposit := Deposit{ID: 12, CourtID: 9, CaseID: 1, PartyID: toDebtor, PayerName: "王秀英", AmountFen: 100, HeldFen: 100, Purpose: DepositRestitution, PaidOn: day, State: DepositHeld}
	settlement := Settlement{ID: 13, SignedOn: day, Edition: 1, PartyIDs: []int64{1, 2}, Parts: []SettlementPart{{AmountFen: 100, DueOn: day}}}
	progress := SettlementProgress{DueFen: 100, ShortfallFen: 100, LateFrom: day}
	letter := PrisonLetter{ID: 14, PartyID: toDebtor, Asker: "某监狱", DocumentNo: "某函1号", DueOn: day}
	owed := []DutyOwed{{AgencyTask{ID: 15, AgencyID: 3, DueOn: day}, AgencyDuty{Code: "A1", Requirement: "限制"}}}
	call := CallBack{ID: 16, ConversationID: 17, State: CallConfirmed, StartAt: now, AnswerBy: day, Answer: "没有空"}
	petition := Petition{ID: 18, PartyID: toDebtor, Kind: PetitionRemorse, State: PetitionAccepted, Answer: "已收悉"}
	message := Message{ID: 19, ConversationID: 17, AnswerBy: day, Body: "请问"}
	query := AssetQuery{ID: 21, CourtID: 9, Kind: QueryVehicle, DueOn: day, Agency: "交警"}
	review := ReleaseReview{ID: 22, ProposedBy: theOfficer, DueOn: day, Subject: "限制消费"}
	repair := RepairApplication{ID: 23, PartyID: toDebtor, DueOn: day}
	spending := SpendingPermit{ID: 24, PartyID: toDebtor, Spender: "李某", Purpose: "就医", Ground: SpendUrgent, DueOn: day}
	plan := func(s scene) PlanAgreement {
		return PlanAgreement{ID: 25, SignedOn: day, Edition: 1, RecordedBy: s.by, CreditorID: toCreditor, DebtorIDs: []int64{toDebtor}, Parts: settlement.Parts, State: PlanReplaced}
	}
	share := Distribution{ID: 26, AmountFen: 100, Rule: ShareParticipation, ServedOn: day, EndReason: "有误"}
	clean := CleanUp{ID: 27, PartyID: toDebtor, Cause: LiftPerformed}
	cert := Certificate{ID: 28, PartyID: toDebtor, Number: "镇法自履证〔2026〕1号", RevokeGround: GroundFalseReceipt}
	paper := func(e EnforcementFile, kind DocumentKind) Notice {
		return EnforcementPaperNotice(court, cs, e, toDebtor, Document{Kind: kind})
	}
	step := func(kind NoticeKind, party int64) Step {
		return Step{Key: string(kind), Kind: kind, PartyID: party, InstrumentID: 3, DueOn: NewDate(2026, 3, 31)}
	}
	return map[NoticeKind]func(scene) []reached{
		NoticeFiled: both(func(_ scene, p int64) Notice { return FiledNotice(court, cs, debts.Party(p), "1号") }),
		NoticeInstrument: both(func(_ scene, p int64) Notice {
			return InstrumentNotice(court, cs, debts.Party(p), debts.Instruments[0], []Duty{{AmountFen: 100, DueOn: day, ToName: "王某", Owes: p == toDebtor, Regime: RegimeCivil}})
		}),
		NoticeReceiptReceived: one(func(s scene) reached {
			return reached{n: ReceiptReceivedNotice(court, s.receipt()), to: toDebtor, own: s.self}
		}),
		NoticeReceiptReturned: one(func(s scene) reached {
			return reached{n: ReceiptReturnedNotice(court, s.receipt()), to: toDebtor, own: s.self}
		}),
		NoticeReceiptWithdrawn: one(func(s scene) reached {
			return reached{n: ReceiptWithdrawnNotice(s.receipt()), to: toDebtor, own: s.self}
		}),
		NoticeReceiptConfirmed: func(s scene) []reached {
			says := "已确认"
			if s.receipt().DistributionID != 0 {
				says = "" // a plan of distribution names nobody
			}
			var out []reached
			for party, left := range map[int64]Reckoning{toDebtor: {PrincipalFen: 1}, toCreditor: {}} {
				acts := s.said(says)
				if says == "" {
					acts = ""
				}
				out = append(out, reached{n: ConfirmationCloses(ReceiptConfirmedNotice(court, s.receipt(), party, left), s.receipt(), party), to: party, acts: acts})
			}
			return out
		},
		NoticeReceiptCorrected: both(func(s scene, p int64) Notice { return ReceiptCorrectedNotice(court, s.receipt(), p, "重复", 4) }),
		NoticeDebtEntered: func(s scene) []reached {
			var out []reached
			for _, p := range []int64{toDebtor, toCreditor} {
				leave := DebtEntry{ID: 31, Kind: DebtLeave, Part: PartDoubled, ObligationID: 4, OnDay: day, ByUserID: s.by, Reason: "困难"}
				forgiven := []DebtEntry{{ID: 32, Kind: DebtForgive, ObligationID: 4, AmountFen: 100, OnDay: day, ByUserID: theSender}}
				undone := []DebtEntry{{ID: 33, Kind: DebtUndo, ObligationID: 4, AmountFen: 100, OnDay: day, ByUserID: s.by}}
				out = append(out, reached{n: DebtEnteredNotice(cs, leave, p), to: p, acts: s.said("决定不再计收")}, reached{n: debts.ForgivenNotice(forgiven, court.Settings, p), to: p},
					reached{n: debts.ForgivenessUndoneNotice(undone, p), to: p, acts: s.said("撤回了")})
			}
			return out
		},
		NoticePlanProposed: func(s scene) []reached {
			return []reached{{n: PlanProposedNotice(cs, plan(s), toDebtor), to: toDebtor, acts: s.said("记录了")}, {n: PlanProposedNotice(cs, plan(s), toCreditor), to: toCreditor, acts: s.said("记录了")}}
		},
		NoticePlanAgreed: both(func(s scene, p int64) Notice { return PlanAgreedNotice(cs, plan(s), p) }),
		NoticePlanBroken: both(func(s scene, p int64) Notice { return PlanBrokenNotice(cs, plan(s), progress, PlanEffect{}, p) }),
		NoticePlanKept:   both(func(s scene, p int64) Notice { return PlanKeptNotice(cs, plan(s), 100, 0, 0, p) }),
		NoticePlanEnded:  both(func(s scene, p int64) Notice { return PlanEndedNotice(cs, plan(s), p) }),
		NoticePlanAnswered: one(func(s scene) reached {
			return reached{n: PlanAnsweredNotice(cs, plan(s), PlanConsent{PartyID: 1}, "李某"), to: theJudge}
		}),
		NoticePartyChanged: both(func(_ scene, p int64) Notice {
			return debts.SuccessionNotice(Succession{ID: 34, Ground: SuccessionUndo, PartyID: 2, OnDay: day}, p)
		}),
		NoticeObligeeAsked: one(func(s scene) reached {
			return reached{n: ObligeeAskedNotice(court, s.receipt(), toCreditor, day), to: toCreditor}
		}),
		NoticeCertificateIssued:  one(func(scene) reached { return reached{n: CertificateIssuedNotice(court, cs, cert), to: toDebtor} }),
		NoticeCertificateRevoked: one(func(scene) reached { return reached{n: CertificateRevokedNotice(court, cs, cert), to: toDebtor} }),
		NoticeCertificateApplied: judge(func() Notice {
			return CertificateAppliedNotice(court, cs, CertificateApplication{ID: 2}, debts.Parties[0])
		}),
		NoticeReceiptSubmitted: one(func(s scene) reached {
			return reached{n: ReceiptSubmittedNotice(court, s.receipt()), to: s.responsible()}
		}),
		NoticeReceiptDisputed: one(func(s scene) reached {
			return reached{n: AnsweredNotice(s.receipt(), ObligeeResponse{PartyID: 2, State: ResponseDisputed}, "王某"), to: s.responsible()}
		}),
		NoticeReceiptRedacted: one(func(s scene) reached {
			return reached{n: RedactionNotice(s.receipt(), Redaction{ID: 1, PartyID: toCreditor, ByUserID: s.by}), to: toCreditor, acts: s.said("提供了")}
		}),
		NoticeDecisionFailed: func(s scene) []reached {
			d := DeskAct{ID: 35, Kind: DecideConfirm, ByUserID: s.by, Problem: "已撤回"}
			return []reached{{n: DecisionFailedNotice(s.receipt(), d, s.by), to: s.by}, {n: DecisionFailedNotice(s.receipt(), d, s.responsible()), to: s.responsible()}}
		},
		NoticeAnswerFailed: func(s scene) []reached {
			d := DeskAct{ID: 41, Kind: DecideAnswer, ByUserID: s.by, ConversationID: 5, Problem: "账号已停用"}
			return []reached{{n: AnswerFailedNotice(d, s.by), to: s.by}, {n: AnswerFailedNotice(d, s.responsible()), to: s.responsible()}}
		},
		NoticeDutyReplaced: judge(func() Notice {
			return debts.ReplacedForJudge(Replacement{By: debts.Instruments[0], Old: debts.Obligations[:1], New: debts.Obligations[1:]})
		}),
		NoticeDutyChanged: both(func(_ scene, p int64) Notice {
			return debts.ReplacedNotice(Replacement{By: debts.Instruments[0], Old: debts.Obligations[:1], New: debts.Obligations[1:]}, p)
		}),
		NoticeAccount: one(func(scene) reached {
			return reached{n: AccountNotice(court, cs, PaymentAccount{ID: 36, PartyID: toCreditor, Number: "6228480000000001011", State: AccountDoubted}), to: toCreditor}
		}),
		NoticeCaseLinked: one(func(scene) reached {
			return reached{n: LinkedNotice(court, cs, Binding{ID: 37, PartyID: toDebtor}), to: toDebtor}
		}),
		NoticePromise: one(func(scene) reached {
			return reached{n: debts.PromiseNotice(Promise{ID: 38, PartyID: toDebtor}, toCreditor, nil), to: toCreditor}
		}),
		NoticeCaseHandedOver: judge(func() Notice { return HandedOverNotice(court, cs, theJudge, 39) }),
		NoticeJudgeChanged: both(func(s scene, p int64) Notice {
			now := ResponsibleFor(theJudge, s.officer)
			now.Name = "法官甲"
			return JudgeChangedNotice(court, cs, p, 40, cs.CaseNo, Responsible{Role: now.Role, Name: "法官乙"}, now)
		}),
		NoticeRelativeOfficer: enforced(func(s scene, _ EnforcementFile) []reached {
			return []reached{{n: RelativeOfficerNotice(court, Relative{ID: 7, UserID: aRelative}, 41, Responsible{UserID: s.officer, Role: RoleOfficer, Name: "法官乙"}), to: aRelative}}
		}),
		NoticeCreditorSheet: one(func(scene) reached {
			return reached{n: debts.CreditorSheetNotice(court, step(NoticeCreditorSheet, toCreditor), DocumentFacts{}), to: toCreditor}
		}),
		NoticeDueSoon: one(func(scene) reached {
			return reached{n: debts.DueSoonNotice(court, step(NoticeDueSoon, toDebtor), now), to: toDebtor}
		}),
		NoticeFirstDemand: one(func(scene) reached {
			return reached{n: debts.DemandNotice(court, step(NoticeFirstDemand, toDebtor), DocumentFacts{}, nineOn(4, 1)), to: toDebtor}
		}),
		NoticeSecondDemand: one(func(scene) reached {
			return reached{n: debts.DemandNotice(court, step(NoticeSecondDemand, toDebtor), DocumentFacts{}, nineOn(4, 10)), to: toDebtor}
		}),
		NoticeMessageAsked: answering(func(u int64) Notice { return MessageNotice(cs, debts.Parties[0], message, u) }),
		NoticeMessageLate: func(s scene) []reached {
			var out []reached
			for _, u := range []int64{s.responsible(), theDeputy, theLeader} {
				out = append(out, reached{n: MessageLateNotice(Conversation{ID: 17, AnswerBy: day}, cs, "法官甲", u), to: u})
			}
			return out
		},
		NoticeMessageReplied: both(func(_ scene, p int64) Notice { return ReplyNotice(cs, p, message) }),
		NoticeRelativeAsked:  answering(func(u int64) Notice { return RelativeAskedNotice(Relative{ID: 7, Relation: RelationSpouse}, u) }),
		NoticeRelativeInvited: func(s scene) []reached {
			r := Relative{ID: 7, Name: "王秀英", Relation: RelationSpouse, PartyID: toDebtor}
			if s.officer != 0 {
				r.EnforcementCaseID = 5
			}
			return []reached{{n: RelativeInvitedNotice(cs, r), to: toDebtor}}
		},
		NoticeRelativeDecided: relative(true, RelativeDecidedNotice),
		NoticeRelativeReplied: relative(true, func(r Relative) Notice { return RelativeReplyNotice(r, message) }),
		NoticeRelativeDeposit: relative(true, func(r Relative) Notice { return RelativeDepositNotice(r, deposit) }),
		NoticeRelativeReceipt: relative(true, func(r Relative) Notice {
			return RelativeReceiptNotice(r, Receipt{ID: 6, State: ReceiptConfirmed, PaidOn: day})
		}),
		NoticeRelativePetition: relative(true, func(r Relative) Notice { p := petition; p.RelativeID = 7; return RelativePetitionNotice(r, p) }),
		NoticeRelativeCall:     relative(false, func(r Relative) Notice { return RelativeCallNotice(r, call) }),
		NoticePetitionMade: enforced(func(s scene, e EnforcementFile) []reached {
			return []reached{{n: PetitionMadeNotice(cs, e.EnforcementCase, petition, "李某", s.officer), to: s.officer}, {n: PetitionMadeNotice(cs, e.EnforcementCase, petition, "李某", theDeputy), to: theDeputy}}
		}),
		NoticePetitionAnswered: one(func(scene) reached { return reached{n: PetitionAnsweredNotice(cs, petition), to: toDebtor} }),
		NoticeDepositSubmitted: judge(func() Notice { return DepositSubmittedNotice(cs, deposit, "李某") }),
		NoticeDeposit: one(func(scene) reached {
			return reached{n: DepositStandsNotice(cs, deposit, DepositEntry{Kind: DepositEntryConfirm}), to: toDebtor}
		}),
		NoticeDepositVictim: one(func(scene) reached {
			return reached{n: DepositForVictimNotice(cs, deposit, toCreditor), to: toCreditor}
		}),
		NoticeCallAsked: answering(func(u int64) Notice { return CallAskedNotice(cs, call, "当事人", u) }),
		NoticeCallAnswered: both(func(_ scene, p int64) Notice {
			k := call
			k.State = CallDeclined // his agent may have asked for it
			return CallNotice(cs, k, p)
		}),
		NoticeAbsence: func(scene) []reached {
			return []reached{{n: AbsenceNotice(AbsenceLine{Absence: Absence{ID: 42}}, theDeputy), to: theDeputy}, {n: AbsenceEndedNotice(AbsenceLine{Absence: Absence{ID: 42}}, theOfficer), to: theOfficer}}
		},
		NoticeJudgeDigest: judge(func() Notice { return JudgeDigestNotice(court, day, JudgeWork{JudgeID: theJudge}) }),

		NoticeEnforcementAssigned: officer(func(e EnforcementFile) Notice { return EnforcementAssignedNotice(cs, e) }),
		NoticeEnforcementFiled: enforced(func(_ scene, e EnforcementFile) []reached {
			return []reached{{n: EnforcementFiledNotice(court, cs, e, toCreditor, "法官乙"), to: toCreditor}}
		}),
		NoticeEnforcementNotice:    debtor(func(e EnforcementFile) Notice { return paper(e, DocumentEnforcementNotice) }),
		NoticeEnforcementWarning:   debtor(func(e EnforcementFile) Notice { return paper(e, DocumentEnforcementWarning) }),
		NoticeEnforcementPerformed: officer(func(e EnforcementFile) Notice { return EnforcementPerformedNotice(cs, e, 0) }),
		NoticeEnforcementClosed:    parties(func(e EnforcementFile, p int64) Notice { return EnforcementClosedNotice(cs, e, p) }),
		NoticeTaskLate: func(s scene) []reached {
			var out []reached
			for _, u := range []int64{s.responsible(), theDeputy, theLeader} {
				out = append(out, reached{n: TaskLateNotice(cs, Task{ID: 43, Title: "答复", DueAt: now}, u), to: u})
			}
			return out
		},
		NoticePictureHidden: func(scene) []reached {
			return []reached{{n: PictureHiddenNotice(PictureCheck{ID: 44, UserID: theSender}), to: theSender, own: true}}
		},
		NoticeDutyOpened:      agency(func() Notice { return DutyOpenedNotice(measure, 3, PhaseLift, 1, day, inAgency) }),
		NoticeDutyReminder:    agency(func() Notice { return DutyReminderNotice(owed, "交警", 3, day, inAgency) }),
		NoticeDutyUnreachable: manager(func() Notice { return DutyUnreachableNotice(owed, "交警", 3, aListManager) }),
		NoticeDutyReported: manager(func() Notice {
			return DutyReportedNotice(owed[0].AgencyTask, owed[0].Duty, AgencyReport{ID: 1}, "交警", aListManager)
		}),
		NoticeDutyDecided: agency(func() Notice {
			return DutyDecidedNotice(owed[0].AgencyTask, owed[0].Duty, AgencyReport{ID: 1}, inAgency)
		}),
		NoticePrisonLetterRegistered: judge(func() Notice { return PrisonLetterRegisteredNotice(cs, letter, "李某") }),
		NoticePrisonLetterDue:        judge(func() Notice { return PrisonLetterDueNotice(cs, letter, "李某") }),
		NoticeQueryAddressed:         agency(func() Notice { return QueryAddressedNotice(query, inAgency) }),
		NoticeQueryAnswered:          officer(func(e EnforcementFile) Notice { return QueryAnsweredNotice(cs, e.EnforcementCase, query) }),
		NoticeQueryRequested:         leader(func(e EnforcementFile) Notice { return QueryRequestedNotice(cs, e.EnforcementCase, query, theLeader) }),
		NoticeQueryDecided:           officer(func(e EnforcementFile) Notice { return QueryDecidedNotice(cs, e.EnforcementCase, query) }),
		NoticeAssistance: func(scene) []reached {
			return []reached{{n: AssistanceNotice(Assistance{ID: 45, DueOn: day}, aLiaison), to: aLiaison}}
		},
		NoticeAssistanceReply: officer(func(e EnforcementFile) Notice {
			return AssistanceReplyNotice(cs, e.EnforcementCase, Assistance{ID: 45}, "村长")
		}),
		NoticeDistribution: both(func(_ scene, p int64) Notice {
			return DistributionServedNotice(cs, share, DistributionClaim{ID: 46, CreditorID: 2, DebtorID: 1, Creditor: "王某"}, p)
		}),
		NoticeMoneyToPay: officer(func(e EnforcementFile) Notice {
			return MoneyToPayNotice(cs, e.EnforcementCase, CaseMoney{ID: 47, HeldFen: 100, ArrivedOn: day, DueOn: day, Source: MoneyDeducted, PayerName: "某银行"})
		}),
		NoticeCaseMoney: one(func(s scene) reached {
			return reached{n: MoneyArrivedNotice(cs, EnforcementCase{CaseNo: "（2026）浙0211执1号", OfficerID: s.officer}, CaseMoney{ID: 47, HeldFen: 100, DueOn: day}, toCreditor), to: toCreditor}
		}),
		NoticeShareReturned:      one(func(s scene) reached { return reached{n: ShareReturnedNotice(s.receipt()), to: theSender} }),
		NoticeSettlementRecorded: parties(func(e EnforcementFile, p int64) Notice { return SettlementRecordedNotice(cs, e, settlement, p) }),
		NoticeSettlementBreached: parties(func(e EnforcementFile, p int64) Notice {
			return SettlementBreachedNotice(cs, e, settlement, progress, p)
		}),
		NoticeSettlementPerformed: parties(func(e EnforcementFile, p int64) Notice { return SettlementPerformedNotice(cs, e, settlement, 100, p) }),
		NoticeSettlementResumed:   parties(func(e EnforcementFile, p int64) Notice { return SettlementResumedNotice(cs, e, settlement, 0, 100, p) }),
		NoticeReleaseProposed:     leader(func(e EnforcementFile) Notice { return ReleaseProposedNotice(cs, e, review, theLeader) }),
		NoticeReleaseDecided:      parties(func(e EnforcementFile, p int64) Notice { return ReleaseDecidedNotice(cs, e, review, p) }),
		NoticeReleaseAnswered: enforced(func(_ scene, e EnforcementFile) []reached {
			return []reached{{n: ReleaseAnsweredNotice(cs, e, review), to: review.ProposedBy, own: true}}
		}),
		NoticeRepairApplied:   officer(func(e EnforcementFile) Notice { return RepairAppliedNotice(cs, e, repair, "李某") }),
		NoticeRepairDecided:   debtor(func(e EnforcementFile) Notice { return RepairDecidedNotice(cs, e, repair) }),
		NoticeMeasureDecided:  debtor(func(e EnforcementFile) Notice { return MeasureDecidedNotice(court, cs, e, measure) }),
		NoticeMeasureLifted:   debtor(func(e EnforcementFile) Notice { return MeasureLiftedNotice(court, cs, e, measure) }),
		NoticeSpendingAsked:   leader(func(e EnforcementFile) Notice { return SpendingAskedNotice(cs, e, spending, theLeader) }),
		NoticeSpendingDecided: debtor(func(e EnforcementFile) Notice { return SpendingDecidedNotice(cs, e, spending) }),
		NoticeMeasureReviewed: debtor(func(e EnforcementFile) Notice { return MeasureReviewedNotice(cs, e, measure, MeasureReview{ID: 47}) }),
		NoticeMeasureProposed: leader(func(e EnforcementFile) Notice { return MeasureProposedNotice(cs, e, measure, theLeader) }),
		NoticeMeasureAnswered: officer(func(e EnforcementFile) Notice { return MeasureAnsweredNotice(cs, e, measure, "同意", "") }),
		NoticeMeasureReviewAsked: officer(func(e EnforcementFile) Notice {
			return MeasureReviewAskedNotice(cs, e, measure, MeasureReview{ID: 47, DueOn: day})
		}),
		NoticeCleanUp: debtor(func(e EnforcementFile) Notice {
			return CleanUpOpenedNotice(court, cs, e, clean, []CleanUpStep{{DueOn: day}})
		}),
		NoticeCleanUpStaff: enforced(func(s scene, e EnforcementFile) []reached {
			return []reached{{n: CleanUpStaffNotice(cs, e, clean, s.officer, "暂缓", "已暂缓"), to: s.officer}, {n: CleanUpStaffNotice(cs, e, clean, theLeader, "暂缓", "已暂缓"), to: theLeader}}
		}),
	}
}()

// deputies are the kinds that the substitute of who is away gets as well, and where they
// are made. He answers people; what is decided about money is nobody's but the owner's.
var deputies = map[NoticeKind]string{
	NoticeMessageAsked: "../service/conversation/conversation.go", NoticeMessageLate: "../service/conversation/late.go", NoticeCallAsked: "../service/conversation/call.go",
	NoticeRelativeAsked: "../service/relative/relative.go", NoticePetitionMade: "../service/petition/petition.go", NoticeTaskLate: "../service/enforcement/task_late.go",
}

// Every kind of notice reaches whom it has to, given who acted and who is responsible
// now, and in the right words: nobody is told that he did what another did, nobody who
// deals with an officer is sent to the trial judge, and who acted is named where it was
// not who is responsible. A kind without a row fails.
func TestEveryKindOfNoticeReachesWhomItConcernsInTheRightWords(t *testing.T) {
	t.Parallel()
	for _, kind := range NoticeKinds() {
		if reaches[kind] == nil {
			t.Errorf("%s has no row: say whom it reaches", kind)
		}
	}
	if len(reaches) != len(NoticeKinds()) {
		t.Errorf("%d rows for %d kinds", len(reaches), len(NoticeKinds()))
	}
	names := map[int64]string{toDebtor: "李某", toCreditor: "王某"}
	for kind, row := range reaches {
		made, deputy := 0, false
		for _, s := range scenes() {
			for _, want := range row(s) {
				n := want.n
				made++
				to := n.UserID
				if to == 0 {
					to = n.PartyID
				}
				deputy = deputy || to == theDeputy && kind != NoticeAbsence
				if n.Kind != kind || to != want.to || (n.UserID != 0) == (n.PartyID != 0) {
					t.Errorf("%s, handed in by %s: a %s for party %d, user %d, want %d", kind, s.name, n.Kind, n.PartyID, n.UserID, want.to)
					continue
				}
				addressee := Addressee{Responsible: n.Responsible(), CallAt: "12368"}
				if addressee.Responsible.UserID == 0 {
					addressee.Responsible = ResponsibleFor(theJudge, s.officer)
				}
				if n.UserID == 0 {
					addressee.Name = names[to]
				}
				n = n.Addressed(addressee)
				text := n.Title + "\n" + n.Body
				if strings.Contains(text, "\u2060") {
					t.Errorf("%s, handed in by %s: a title was not filled in: %s", kind, s.name, text)
				}
				for _, did := range []string{"您提交", "您请求", "您申请", "您提出的", "您可以撤回", "您登记的", "您对"} {
					if !want.own && strings.Contains(text, did) {
						t.Errorf("%s, handed in by %s: %q to who did not: %s", kind, s.name, did, text)
					}
				}
				if want.acts != "" {
					if !strings.Contains(text, want.acts) {
						t.Errorf("%s, handed in by %s: it does not name who acted, %s: %s", kind, s.name, want.acts, text)
					}
					text = strings.ReplaceAll(text, want.acts, "")
				}
				if s.officer != 0 && strings.Contains(text, RoleJudge.Chinese()) {
					t.Errorf("%s, handed in by %s: names the trial judge where the officer is responsible: %s", kind, s.name, text)
				}
				if s.officer == 0 && !slices.Contains(ownText, kind) && n.PartyID != 0 && strings.Contains(text, RoleOfficer.Chinese()) {
					t.Errorf("%s, handed in by %s: names an officer where nobody enforces: %s", kind, s.name, text)
				}
			}
		}
		if made == 0 {
			t.Errorf("%s: its row makes nothing", kind)
		}
		if file := deputies[kind]; deputy != (file != "") {
			t.Errorf("%s: a deputy gets it %v, and the list says %q", kind, deputy, file)
		} else if file != "" {
			if source, err := os.ReadFile(file); err != nil || !strings.Contains(string(source), ".Substitutes(ctx, ") {
				t.Errorf("%s: %s asks for no substitutes (%v)", kind, file, err)
			}
		}
	}
}
