package document

import (
	"microcourt/model"
)

// PerformanceNotice prints the paper 《自动履行告知书》 with the one-time code and
// its QR code, and signs it.
func (pr *Printer) PerformanceNotice(f model.PerformanceNoticeFacts) ([]byte, error) {
	at := f.IssuedOn.Start()
	p, err := newPaper("自动履行告知书 "+f.Number, f.Number, at)
	if err != nil {
		return nil, err
	}
	p.centred(20, f.CourtName)
	p.y += 4
	p.centred(26, "自动履行告知书")
	p.right(13, f.Number)
	p.y += 4
	p.flow(f.Position+"　"+f.Addressee+"：", bodySize, lineHeight, "")
	for _, s := range []string{
		"您与他人" + f.Cause + "一案，本院已立案，案号为" + f.CaseNo + "。本告知书不代表本院对案件责任的认定。现将自动履行的有关事项告知如下：",
		"一、什么是自动履行。法律文书生效后，在对方申请强制执行之前主动履行义务，就是自动履行。履行期限以生效法律文书为准。",
		"二、怎样履行。可以直接向权利人付款，也可以汇入本院案款账户（" + f.Account + "），汇款时请注明案号和您的姓名。付款后请在“微法院”小程序中上传汇款回执，承办法官确认后记入履行台账，双方都能看到。",
		"三、自动履行的好处。全部自动履行的，可以申请《自动履行证明书》，用于贷款、招投标等场合；符合条件的可列入诚信履行名单，依规定享受诉讼服务绿色通道、降低保全成本、行政审批绿色通道、招投标加分、财政扶持、信用评价和授信融资等激励。",
		"四、不履行的后果。逾期不履行的，应加倍支付迟延履行期间的债务利息；进入强制执行后，还需承担执行申请费，并可能被纳入失信被执行人名单、限制高消费、罚款、拘留，构成犯罪的依法追究刑事责任。",
		"五、在手机上办理。微信扫描下方二维码，或在“微法院”小程序中输入绑定码，即可查看本案、上传回执、接收通知。绑定码只能使用一次，有效期至" + f.CodeExpires.Chinese() + "，请勿交给他人。",
	} {
		p.paragraph(s)
	}
	p.flow("联系电话："+f.CourtPhone+"　承办法官："+f.Judge+"　地址："+f.CourtAddress, 12, 20, "")
	p.room(140)
	top := p.y + 16
	p.code(f.Scene, "绑定码 "+f.Code, marginX+20, top, 92)
	seal, err := pr.seal(f.CourtName)
	if err != nil {
		return nil, err
	}
	p.picture(seal, pageWidth-marginX-150, top-10, 119)
	p.y = top + 18
	p.right(15, f.CourtName)
	p.right(14, chineseDate(f.IssuedOn))
	raw, err := p.bytes()
	if err != nil {
		return nil, err
	}
	return pr.signer.Sign(raw, Metadata{Title: "自动履行告知书", Number: f.Number, Court: f.CourtName, At: at})
}
