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
	fonts  Fonts
	seals  sync.Map // court name → []byte, a PNG: drawing one takes longer than a paper
}

// NewPrinter makes a Printer. seal may be nil: then a seal is drawn.
func NewPrinter(signer *Signer, seal func(court string) (image.Image, error)) *Printer {
	if seal == nil {
		seal = DrawSeal
	}
	return &Printer{signer: signer, source: seal}
}

// WithFonts makes the printer set titles and text in a court's own typefaces.
func (pr *Printer) WithFonts(f Fonts) *Printer {
	pr.fonts = f
	return pr
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

// Certificate prints the 自动履行证明书 and signs it. record is told what will be
// signed before it is; see sign.
func (pr *Printer) Certificate(f model.CertificateFacts, record func(sha256 string) error) ([]byte, error) {
	p, says, err := pr.certificate(f, f.Number+"　校验码 "+f.CheckCode+"　查验网址 "+f.VerifyAt, "")
	if err != nil {
		return nil, err
	}
	raw, err := p.bytes()
	if err != nil {
		return nil, err
	}
	return pr.sign(raw, p, says, Metadata{
		Title: f.Title(), Kind: CertificateKind, Number: f.Number, CheckCode: f.CheckCode, Court: f.CourtName, At: f.IssuedOn.Start(),
	}, record)
}

// CertificatePreview prints the very paper with 预览 over each page, neither
// numbered nor signed.
func (pr *Printer) CertificatePreview(f model.CertificateFacts) ([]byte, error) {
	p, _, err := pr.certificate(f, "预览，不是正式文书，没有编号和签名", "预览")
	if err != nil {
		return nil, err
	}
	return p.bytes()
}

// certificate lays the paper out, and gives what it says. over stands across each
// page, "" for nothing; such a paper has no seal.
func (pr *Printer) certificate(f model.CertificateFacts, foot, over string) (*paper, []string, error) {
	at := f.IssuedOn.Start()
	p, err := pr.newPaper(f.Title()+" "+f.Number, foot, at)
	if err != nil {
		return nil, nil, err
	}
	p.over = over
	if pr.fonts.Title == nil {
		p.title = p.body // it is no instrument of a trial, and a second font costs a tenth of the time
	}
	p.page()
	p.centred(20, f.CourtName)
	p.y += 6
	p.centred(28, f.Title())
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
	p.paragraph(f.Finding())
	p.y += 10
	rows := [][]string{{"履行日期", "金额（元）", "履行人", "凭证或内容"}}
	for _, it := range f.Performed {
		amount := "—"
		if it.AmountFen != 0 {
			amount = it.AmountFen.Yuan()
		}
		rows = append(rows, []string{it.On.Chinese(), amount, it.Who, it.What})
	}
	p.table([]float64{104, 92, 112, textWidth - 308}, rows)
	if f.TotalFen > 0 {
		p.table([]float64{104, textWidth - 104}, [][]string{{"合计", f.TotalFen.Yuan() + " 元（人民币" + f.TotalFen.Capital() + "）"}})
	}
	p.y += 6
	p.paragraph(f.Enforcement())
	p.flow(f.Continuing()+f.Changed()+f.Currency()+f.Waived()+f.Forgiven()+f.Recourse()+"本证明书仅就上述案件和法律文书所确定的义务作出，不涉及该义务人的其他案件。本证明书经电子签名，"+
		"可扫描二维码，或在查验网址凭编号和校验码查验其是否有效，并核对姓名或名称、案号和金额；被撤销的证明书自撤销之日起失效。", 10.5, 17, "　　")
	p.room(150)
	top := p.y + 22
	if over == "" {
		p.code(f.VerifyURL, "扫码查验　校验码 "+f.CheckCode, marginX+6, top, 92)
		p.at(marginX, top+92+24, 9, "查验网址 "+f.VerifyAt)
		seal, err := pr.seal(f.CourtName)
		if err != nil {
			return nil, nil, err
		}
		p.picture(seal, pageWidth-marginX-150, top-14, 119)
	}
	p.y = top + 12
	p.right(15, f.CourtName)
	p.right(14, "承办法官　"+f.Judge)
	p.right(14, chineseDate(f.IssuedOn))
	says := []string{
		f.Title(), f.Number, f.CheckCode, f.CourtName, who, f.CaseNo, f.Cause, f.InstrumentNo, f.Adjudged, f.Finding(), f.Enforcement(), f.Continuing(), f.Changed(), f.Currency(), f.Waived(), f.Forgiven(), f.Recourse(), f.Judge,
		chineseDate(f.IssuedOn),
	}
	for _, row := range rows {
		says = append(says, row...)
	}
	if f.TotalFen > 0 {
		says = append(says, f.TotalFen.Yuan(), f.TotalFen.Capital())
	}
	return p, says, nil
}

func effective(d model.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese() + "生效"
}
