package desk

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// spot is where a thing stands on the desk: its own page, or the page of what
// holds it (a petition stands on its enforcement case's).
type spot struct {
	thing, holder model.Thing
	caseID        int64
}

// address is the page for an actor, "" when there is none that he may open.
func (p spot) address(by model.Actor) string {
	caseTab := func(tab string) string {
		if p.caseID == 0 {
			return ""
		}
		return caseAddress(p.caseID, tab)
	}
	held := func(kind model.ThingKind, of, part string) string {
		if id := p.holder.IDOf(kind); id != 0 {
			return fmt.Sprintf("/desk/%s/%d%s", of, id, part)
		}
		return ""
	}
	own := func(court, agency string) string {
		if by.Has(model.RoleAgency) {
			return agency
		}
		return court
	}
	id := p.thing.ID
	to := ""
	switch p.thing.Kind {
	case model.ThingReceipt:
		to = fmt.Sprintf("/desk/receipts/%d", id)
	case model.ThingCase:
		to = fmt.Sprintf("/desk/cases/%d", id)
	case model.ThingApplication, model.ThingCertificate:
		to = caseTab("certificate")
	case model.ThingPlan:
		to = caseTab("plan")
	case model.ThingPrisonLetter, model.ThingDeposit:
		to = caseTab("penalty")
	case model.ThingObligation:
		to = caseTab("interest")
	case model.ThingEnforcement:
		to = fmt.Sprintf("/desk/enforcement/%d", id)
	case model.ThingCaseMoney:
		to = held(model.ThingEnforcement, "enforcement", "/account")
	case model.ThingPetition:
		to = held(model.ThingEnforcement, "enforcement", "/family")
	case model.ThingRelease, model.ThingSettlement:
		to = held(model.ThingEnforcement, "enforcement", "/settlement")
	case model.ThingCleanUp:
		to = held(model.ThingEnforcement, "enforcement", "/clean-up")
	case model.ThingSpending, model.ThingReview, model.ThingProlongation:
		to = held(model.ThingMeasure, "measures", "")
	case model.ThingMeasure:
		to = own(fmt.Sprintf("/desk/measures/%d", id), address("/desk/own/tasks", "measure", id))
	case model.ThingConversation:
		to = fmt.Sprintf("/desk/conversations/%d", id)
	case model.ThingCallBack:
		to = fmt.Sprintf("/desk/call-backs/%d/conversation", id)
	case model.ThingRelative:
		to = fmt.Sprintf("/desk/relatives/%d", id)
	case model.ThingRepair:
		to = own(fmt.Sprintf("/desk/repairs/%d", id), "/desk/own/tasks")
	case model.ThingAssetQuery:
		to = own(fmt.Sprintf("/desk/queries/%d", id), fmt.Sprintf("/desk/own/queries/%d", id))
	case model.ThingAssistance:
		to = fmt.Sprintf("/desk/assistance/%d", id)
	case model.ThingDutyTask:
		to = own(fmt.Sprintf("/desk/duty-tasks/%d", id), fmt.Sprintf("/desk/own/tasks/%d", id))
	case model.ThingAgency:
		to = own(address("/desk/duty-tasks", "agency", id), "/desk/own/tasks")
	case model.ThingAbsence:
		to = "/desk/absence"
	default:
	}
	if to == "" && p.caseID != 0 {
		to = fmt.Sprintf("/desk/cases/%d", p.caseID)
	}
	if to == "" || !opens(by, to) {
		return ""
	}
	return to
}

// leads tells whether a notice opens something for the actor. What holds its
// subject does not matter for that.
func leads(by model.Actor, n model.Notice) bool {
	if n.Subject.Kind == model.ThingTask {
		return by.May(model.ActTaskRead)
	}
	some := spot{n.Subject, model.Thing{}, n.CaseID}
	for _, kind := range []model.ThingKind{model.ThingEnforcement, model.ThingMeasure} {
		some.holder = kind.Of(1)
		if some.address(by) != "" {
			return true
		}
	}
	return false
}

// noticeAddress is the very thing that a notice speaks of, "" for one that leads
// nowhere.
func (d *Desk) noticeAddress(c *gin.Context, n model.Notice) (string, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	if id := n.Subject.IDOf(model.ThingTask); id != 0 {
		t, err := d.svc.Notice.Task(ctx, by, id)
		if err != nil || t == nil {
			return "", err
		}
		to := taskAt(*t)
		if !opens(by, to) {
			to = ""
		}
		return to, nil
	}
	holder, err := d.svc.Notice.Place(ctx, n)
	if err != nil {
		return "", err
	}
	return spot{n.Subject, holder, n.CaseID}.address(by), nil
}

// taskAt is the page on which a task is carried out: of what it is about.
func taskAt(t model.Task) string {
	at := func(part string) string { return fmt.Sprintf("/desk/enforcement/%d%s", t.EnforcementCaseID, part) }
	switch t.Kind {
	case model.TaskLift, model.TaskTakeDown, model.TaskTakenBack:
		return at("/clean-up")
	case model.TaskRoundApprove:
		return at("/this-round")
	case model.TaskPetition:
		return at("/family")
	case model.TaskBreach, model.TaskReleaseDecide:
		return at("/settlement")
	case model.TaskCallBack:
		return fmt.Sprintf("/desk/call-backs/%d/conversation", t.Subject.ID)
	case model.TaskSpending, model.TaskSpendingLeader:
		if id := t.Subject.IDOf(model.ThingMeasure); id != 0 {
			return fmt.Sprintf("/desk/measures/%d", id)
		}
		return at("/measures")
	default:
	}
	switch t.Subject.Kind {
	case model.ThingMeasure:
		return fmt.Sprintf("/desk/measures/%d", t.Subject.ID)
	case model.ThingRepair:
		return fmt.Sprintf("/desk/repairs/%d", t.Subject.ID)
	case model.ThingAssetQuery:
		return fmt.Sprintf("/desk/queries/%d", t.Subject.ID)
	case model.ThingAssistance:
		return fmt.Sprintf("/desk/assistance/%d", t.Subject.ID)
	case model.ThingPrisonLetter, model.ThingDeposit:
		return caseAddress(t.CaseID, "penalty")
	case model.ThingPlan:
		return caseAddress(t.CaseID, "plan")
	case model.ThingObligation:
		return caseAddress(t.CaseID, "interest")
	default:
	}
	if t.EnforcementCaseID != 0 {
		return at("")
	}
	return fmt.Sprintf("/desk/cases/%d", t.CaseID)
}
