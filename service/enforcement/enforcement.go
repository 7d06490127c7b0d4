// Package enforcement is the officer's work (执行法官): his cases, what is due by
// when, hand-over and closing; measures from proposal to lifting, settlements,
// credit repair, permission to spend, and the clean-up after payment. How cases
// come in is filing's matter; what follows from their filing and from the ledger
// is told here, in the transaction of the event.
//
// Which file answers which question:
//
//	case.go                what an officer sees of a case
//	case_filed.go          what its filing begins: papers, notices, clocks
//	case_hand_over.go      how it goes to another officer
//	case_close.go          how it is closed
//	case_end.go            what becomes of everything then, and what the night finds
//	ledger.go              what a payment, or its correction, changes
//	task.go, task_late.go  how tasks are finished, and who hears of a late one
//	measure.go             who may touch a measure, and how it is saved
//	measure_propose.go     how it is proposed, and asked whether the law allows it
//	measure_decide.go      how it is decided, with its paper and its clocks
//	measure_execute.go     that what was decided is also done
//	measure_run.go         service of process, and the end of the days of grace
//	measure_detain.go      taking into detention, and telling the family
//	measure_poster.go      posters in villages
//	measure_expire.go      what happens when its time is over
//	measure_lift.go        how it is lifted, and what a leader answers
//	measure_review.go      applications against it, and their results
//	measure_read.go        what is shown of measures
//	this_round.go          终结本次执行程序: what is said, agreed and served before it
//	refusal_act.go         acts before a judgment's effect, kept for the crime of refusal
//	prolong.go             how a listing is prolonged
//	settlement*.go         agreements: recorded, followed, resumed, read
//	release*.go            what an agreement releases
//	repair*.go             credit repair, and what it does to a measure
//	distribution.go        how money is shared among the creditors of one debtor
//	spending.go            permission to spend in spite of a restriction
//	cleanup*.go            what is lifted after performance: opened, carried out
//	                       step by step, held, taken back, read
package enforcement

import (
	"context"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what the area needs besides the database.
type Config struct {
	// Families, when set, give the paper for a detained person's family its code.
	Families Families
	// Petitions, when set, are told what was decided of a measure's lifting.
	Petitions Petitions
	// Sanctions, when set, is told of every measure against a person that begins
	// and ends, in its transaction: other units have duties that hang on it.
	Sanctions Sanctions
	// Ledger is the ledger of performance, in which shared money is entered.
	Ledger Ledger
	// Queries and Assistance are what was asked of others in a case.
	Queries, Assistance Asked
}

// Asked is what was asked of others in a case: it ends with the case.
type Asked interface {
	// Ended cancels what nobody answered, in the transaction in which the case ends.
	Ended(ctx context.Context, tx *storage.DB, by model.Actor, e model.EnforcementFile, why string) error
}

// Families are debtors' relatives.
type Families interface {
	// Scene makes what the QR code on the paper for a detained person's family
	// holds, in the transaction of the detention: by it a relative asks to speak with
	// the officer.
	Scene(ctx context.Context, tx *storage.DB, m model.Measure) (string, error)
}

// Petitions are what debtors and families asked for in writing.
type Petitions interface {
	// Released is told that a measure ended, whatever ended it, or that the president
	// refused to lift it, in the transaction of that; before is the measure as it was.
	Released(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, before, m model.Measure, note string) error
}

// Sanctions is who has to know when a measure begins and when it is over.
type Sanctions interface {
	Begun(ctx context.Context, tx *storage.DB, m model.Measure) error
	Over(ctx context.Context, tx *storage.DB, m model.Measure) error
	// Moved is told that a measure ends later than was said.
	Moved(ctx context.Context, tx *storage.DB, m model.Measure) error
	// Paused is told that credit repair pauses a measure until a day, or that the
	// pause was revoked.
	Paused(ctx context.Context, tx *storage.DB, m model.Measure, a model.RepairApplication) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{db, cfg} }

const batch = 100

// checkReason is the reason that somebody gives for an act.
func checkReason(reason string) (string, error) {
	return strings.TrimSpace(reason), model.CheckReason(reason)
}
