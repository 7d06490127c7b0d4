package document

import (
	"fmt"
	"image"
	"image/draw"
	"sync"

	"microcourt/model"
)

// Printer prints and signs a court's papers.
type Printer struct {
	signer *Signer
	source func(court string) (image.Image, error)
	seals  sync.Map // court name → []byte, a PNG: drawing one takes longer than a paper
}

// NewPrinter makes a Printer. seal may be nil: then a seal is drawn.
func NewPrinter(signer *Signer, seal func(court string) (image.Image, error)) *Printer {
	if seal == nil {
		seal = DrawSeal
	}
	return &Printer{signer: signer, source: seal}
}

func (pr *Printer) seal(court string) ([]byte, error) {
	if b, ok := pr.seals.Load(court); ok {
		return b.([]byte), nil //nolint:forcetypeassert // only these are stored
	}
	img, err := pr.source(court)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	rgb := image.NewRGBA(img.Bounds()) // gopdf wants eight bits a channel
	draw.Draw(rgb, rgb.Bounds(), img, img.Bounds().Min, draw.Src)
	b := pngBytes(rgb)
	pr.seals.Store(court, b)
	return b, nil
}

// Certificate prints the 自动履行证明书 and signs it.
func (pr *Printer) Certificate(f model.CertificateFacts) ([]byte, error) {
	at := f.IssuedOn.Start()
	p, err := newPaper("自动履行证明书 "+f.Number, f.Number+"　校验码 "+f.CheckCode+"　查验网址见二维码", at)
	if err != nil {
		return nil, err
	}
	p.centred(20, f.CourtName)
	p.y += 6
	p.centred(28, "自动履行证明书")
	p.y += 4
	p.right(13, f.Number)
	p.y += 10
	who := f.ObligorName
	if f.ObligorID != "" {
		label := "公民身份号码"
		if f.ObligorKind == model.Organisation {
			label = "统一社会信用代码"
		}
		who += "（" + label + "：" + f.ObligorID + "）"
	}
	p.table([]float64{96, textWidth - 96}, [][]string{
		{"履行义务人", who},
		{"案号及案由", f.CaseNo + "　" + f.Cause},
		{"生效法律文书", f.InstrumentKind + "　" + f.InstrumentNo + "　" + effective(f.EffectiveOn)},
		{"确定的义务", f.Adjudged},
	})
	p.y += 8
	p.paragraph(fmt.Sprintf("经审查，上述义务人已于%s前自动履行完毕该生效法律文书确定的全部义务，履行时间属于%s。履行情况如下：",
		f.LastPaidOn.AddDays(1).Chinese(), f.Timeliness.Chinese()))
	p.y += 10
	rows := [][]string{{"履行日期", "金额（元）", "凭证或内容"}}
	for _, it := range f.Performed {
		amount := "—"
		if it.AmountFen != 0 {
			amount = it.AmountFen.Yuan()
		}
		rows = append(rows, []string{it.On.Chinese(), amount, it.What})
	}
	if f.TotalFen > 0 {
		rows = append(rows, []string{"合计", f.TotalFen.Yuan(), "人民币" + f.TotalFen.Capital()})
	}
	p.table([]float64{110, 120, textWidth - 230}, rows)
	p.y += 6
	p.paragraph("截至本证明书出具之日，就上述义务未有强制执行案件立案。特此证明。")
	p.flow("本证明书仅就上述案件和法律文书所确定的义务作出，不涉及该义务人的其他案件。本证明书经电子签名，"+
		"可扫描二维码，或凭编号和校验码在线查验其是否有效；被撤销的证明书自撤销之日起失效。", 10.5, 17, "　　")
	p.room(150)
	top := p.y + 22
	p.code(f.VerifyURL, "扫码查验　校验码 "+f.CheckCode, marginX+6, top, 92)
	seal, err := pr.seal(f.CourtName)
	if err != nil {
		return nil, err
	}
	p.picture(seal, pageWidth-marginX-150, top-14, 119)
	p.y = top + 12
	p.right(15, f.CourtName)
	p.right(14, "承办法官　"+f.Judge)
	p.right(14, chineseDate(f.IssuedOn))
	raw, err := p.bytes()
	if err != nil {
		return nil, err
	}
	return pr.signer.Sign(raw, Metadata{
		Title: "自动履行证明书", Number: f.Number, CheckCode: f.CheckCode, Court: f.CourtName, At: at,
	})
}

func effective(d model.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese() + "生效"
}
