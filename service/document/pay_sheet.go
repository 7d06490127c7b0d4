package document

import (
	"microcourt/model"
)

// PaySheet prints how somebody pays, a page for each debtor: for the window, and for who
// has no program at hand. It is no instrument: it is neither numbered nor signed.
func (pr *Printer) PaySheet(sheets []model.PaySheet) ([]byte, error) {
	first := sheets[0]
	p, err := pr.newPaper(first.Title(), first.Title()+"，不是法律文书　计算至"+first.AsOf.Chinese(), first.AsOf.Start())
	if err != nil {
		return nil, err
	}
	p.title = p.body // it is no instrument of a trial
	p.size, p.leading = 12, 20
	for _, s := range sheets {
		p.page()
		p.centred(16, s.Court.Name)
		p.centred(titleSize, s.Title())
		p.y += 6
		p.paragraph(s.Opening())
		for _, w := range s.Ways {
			const side = 86.0
			p.room(side + 60)
			p.y += 8
			p.table([]float64{80, textWidth - 80}, w.Parts())
			p.y += 6
			if w.Why != "" {
				p.flow(w.Why+"。", 10.5, 17, "")
			}
			p.room(side + 24)
			p.code(w.Copied(), "扫码复制账户和附言", marginX+(textWidth-side)/2, p.y, side)
			p.y += side + 20
			if len(w.Lines) > 1 || len(w.Lines) == 1 && w.Lines[0].Reference != w.Reference {
				p.table([]float64{130, 90, 90, textWidth - 310}, w.Instalments())
				p.y += 6
			}
		}
		p.paragraph(s.Warning())
	}
	return p.bytes()
}
