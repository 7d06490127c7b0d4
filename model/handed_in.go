package model

// HandedBy is who handed a receipt in for the debtor, as far as it matters to who
// reads of it: nobody is told that he did what somebody else did.
type HandedBy string

// Who hands receipts in.
const (
	HandedBySelf     HandedBy = ""         // the debtor himself, or who is the organisation by law
	HandedByAgent    HandedBy = "agent"    // 委托代理人, 辩护人
	HandedByGuardian HandedBy = "guardian" // 法定代理人
	HandedByRelative HandedBy = "relative" // 家属代为履行
	HandedByWindow   HandedBy = "window"   // a clerk at the court's window
	HandedByCourt    HandedBy = "court"    // an import, a deposit, a plan of distribution: nobody handed it in
)

// By is who hands in what a user of the capacity submits.
func (c Capacity) By() HandedBy {
	switch c {
	case CapacityAgent, CapacityDefender:
		return HandedByAgent
	case CapacityGuardian:
		return HandedByGuardian
	case CapacitySelf, CapacityLegalRep:
	}
	return HandedBySelf
}

// Hand is who handed the receipt in.
func (r Receipt) Hand() HandedBy {
	switch {
	case r.ImportID != 0 || r.DepositID != 0 || r.DistributionID != 0:
		return HandedByCourt
	case r.RelativeID != 0:
		return HandedByRelative
	}
	return r.HandedBy
}

// submitter names who handed it in, to the debtor.
func (r Receipt) submitter() string {
	switch r.Hand() {
	case HandedByAgent:
		return "您的代理人"
	case HandedByGuardian:
		return "您的法定代理人"
	case HandedByRelative:
		return "您的家属" + r.PayerName
	case HandedByWindow:
		return "法院窗口工作人员代为"
	case HandedBySelf:
		return "您"
	case HandedByCourt:
	}
	return "法院"
}

// HandedIn says to staff who handed it in, "" when the debtor did.
func (r Receipt) HandedIn() string {
	switch r.Hand() {
	case HandedByAgent:
		return "由代理人提交"
	case HandedByGuardian:
		return "由法定代理人提交"
	case HandedByRelative:
		return "由家属" + r.PayerName + "提交"
	case HandedByWindow:
		return "由书记员在窗口代为提交"
	case HandedBySelf, HandedByCourt:
	}
	return ""
}

// takeBack says who may take it back before it is decided.
func (r Receipt) takeBack() string {
	switch r.Hand() {
	case HandedBySelf:
		return "处理前您可以撤回。"
	case HandedByAgent, HandedByGuardian, HandedByRelative:
		return "处理前可以由提交人撤回。"
	case HandedByWindow:
		return "内容有误的，处理前可以到法院窗口要求撤回。"
	case HandedByCourt:
	}
	return ""
}

// mend says how a receipt that was sent back is handed in once more.
func (r Receipt) mend() string {
	switch r.Hand() {
	case HandedBySelf:
		return "请按退回原因补正后重新上传。"
	case HandedByAgent, HandedByGuardian, HandedByRelative:
		return "可以由提交人按退回原因补正后重新上传，您也可以自己上传。"
	case HandedByWindow:
		return "请按退回原因补正后到法院窗口重新提交，也可以自己在小程序上传。"
	case HandedByCourt:
	}
	return ""
}
