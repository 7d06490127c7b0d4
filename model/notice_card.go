package model

// CardFields are all that an outside card can show of a notice, with the court's own
// words for them: that there is one, of which kind, how to check that it is the
// court's, and where to call. It lies open on a phone that others see: no debt, no
// amount, no day, no case and nobody's name is ever on it.
var CardFields = map[string]string{"kind": "通知", "court": "法院", "phone": "咨询电话", "time": "时间", "check": "核验码"}

// CardOf is what the outside cards of a notice can show besides its kind, its time and
// its check code, whatever the notice itself says.
func (n Notice) CardOf(court Court) map[string]string {
	return shown(n.Kind, map[string]string{"court": court.Name, "phone": court.CallAt()})
}

// Shown is what a card can show of the notice.
func (n Notice) Shown() map[string]string { return shown(n.Kind, n.Card) }

func shown(k NoticeKind, card map[string]string) map[string]string {
	return map[string]string{"kind": k.Chinese(), "court": card["court"], "phone": card["phone"]}
}
