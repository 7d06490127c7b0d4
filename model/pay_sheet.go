package model

// PaySheet (付款指引) is how somebody pays, to be printed: the accounts, references and
// sums of the page “怎样付款” as of a day. It is no paper of the court's: it has no number,
// no seal and no signature, and another day has other sums.
type PaySheet struct {
	Court  Court
	CaseNo string // "" for a relative, who is told nothing of the case
	Debtor string
	AsOf   Date
	Ways   []PayWay
}

// Title is what the sheet is called.
func (PaySheet) Title() string { return "付款指引" }

// SumFen is all that is to be paid.
func (s PaySheet) SumFen() (sum Fen) {
	for _, w := range s.Ways {
		sum += w.AmountFen
	}
	return sum
}

// Opening is the sentence above the accounts.
func (s PaySheet) Opening() string {
	what := s.Debtor + "应付的款项"
	if s.CaseNo != "" {
		what = s.CaseNo + "，" + what
	}
	return what + "，计算至" + s.AsOf.Chinese() + "（含截至当日的利息）共 " + s.SumFen().Yuan() + " 元。以后付款的，金额以付款当日小程序中显示的为准。"
}

// Warning is what stands below the accounts: a print does not know of a change after it.
func (s PaySheet) Warning() string {
	return "请只向上列账户付款，并在附言中填写识别码。付款以前，请在小程序中或者致电" + s.Court.Name + "（" + s.Court.CallAt() +
		"）核对账户没有变更；有人以电话、短信或者其他方式要求改汇其他账户的，请先致电核实。付款后请在“微法院”小程序中上传汇款回执，或者到法院窗口提交。"
}

// Parts are the account of a way in the rows of a table.
func (w PayWay) Parts() (rows [][]string) {
	add := func(name, value string) {
		if value != "" {
			rows = append(rows, []string{name, value})
		}
	}
	add("款项归", w.Creditor)
	if w.Text != "" {
		add("收款账户", w.Text)
	} else {
		add("户名", w.Payee)
		add("账号", w.Number)
		bank := w.Bank
		if bank == "" {
			bank = "请向法院查询"
		}
		add("开户行", bank)
	}
	add("金额", w.AmountFen.Yuan()+" 元")
	add("附言", w.Reference)
	return rows
}

// Instalments are the lines of a way in the rows of a table, its title first.
func (w PayWay) Instalments() [][]string {
	rows := [][]string{{"履行期限", "尚欠（元）", "利息（元）", "只付该期的附言"}}
	for _, l := range w.Lines {
		due := "—"
		if !l.DueOn.IsZero() {
			due = l.DueOn.Chinese()
		}
		if l.Overdue {
			due += "（已逾期）"
		}
		rows = append(rows, []string{due, l.OpenFen.Yuan(), l.InterestFen.Yuan(), l.Reference})
	}
	return rows
}
