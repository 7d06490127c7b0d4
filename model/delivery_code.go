package model

import (
	"fmt"
	"strings"
)

// Whose matter a message is that did not arrive.
const (
	whoseAddressee = "对方"
	whoseCourt     = "本院的配置"
	whoseWeChat    = "微信平台"
	whoseGateway   = "短信平台"
	whoseSystem    = "本系统"
)

const (
	doOther     = "改用短信、纸质或者电话。"
	doTechnical = "请技术人员处理；着急的先改用短信、纸质或者电话。"
	doWait      = "系统会自动再试；着急的改用短信、纸质或者电话。"
)

// wechatCodes are what WeChat's codes mean to the court's staff: what happened,
// whose matter it is, what to do.
var wechatCodes = map[int]Explanation{
	-1:    {"微信当时繁忙，没有发出。", whoseWeChat, doWait},
	40001: {"本院小程序的接口凭证失效，没有发出。", whoseCourt, doTechnical},
	40014: {"本院小程序的接口凭证失效，没有发出。", whoseCourt, doTechnical},
	42001: {"本院小程序的接口凭证过期，没有发出。", whoseSystem, doWait},
	41001: {"请求中缺少接口凭证，没有发出。", whoseSystem, doTechnical},
	40003: {"对方的微信号已注销，或者不是在本院小程序登录的。", whoseAddressee, "请对方重新绑定；在此之前改用短信、纸质或者电话。"},
	43104: {"对方的微信登录与本院小程序不一致。", whoseCourt, "请对方重新绑定；仍不行的请技术人员核对小程序配置。"},
	40013: {"小程序的标识不正确，或者没有与服务号关联。", whoseCourt, doTechnical},
	40037: {"消息模板已被删除或者停用。", whoseCourt, "请技术人员在微信后台重新申请模板；着急的先改用短信、纸质或者电话。"},
	40036: {"消息模板的编号不正确。", whoseCourt, doTechnical},
	40039: {"消息中的链接过长。", whoseSystem, doTechnical},
	40008: {"消息类型不正确。", whoseSystem, doTechnical},
	41028: {"使用了微信已经停用的接口。", whoseSystem, doTechnical},
	41029: {"使用了微信已经停用的接口。", whoseSystem, doTechnical},
	41030: {"消息要打开的页面在已发布的小程序中不存在。", whoseCourt, "请技术人员发布新版小程序；着急的先改用短信、纸质或者电话。"},
	43101: {"对方没有允许接收这类微信消息，或者允许的次数已经用完。属正常情形。", whoseAddressee, "改用短信、纸质或者电话；对方下次打开小程序时会再请其允许。"},
	43004: {"对方没有关注本院服务号。", whoseAddressee, doOther},
	43107: {"本院小程序的消息功能或者该模板被微信封禁。", whoseCourt, doTechnical},
	43108: {"同一时间给同一人发了几条，微信要求稍后再发。", whoseSystem, doWait},
	43116: {"该消息模板被微信限制使用。", whoseCourt, doTechnical},
	40249: {"微信认为消息内容违规，拒绝发送。", whoseCourt, "请技术人员检查模板的措辞；着急的改用短信、纸质或者电话。"},
	45168: {"消息内容触发了微信的敏感词。", whoseCourt, "请技术人员检查模板的措辞；着急的改用短信、纸质或者电话。"},
	47001: {"消息的格式有误，没有发出。", whoseSystem, doTechnical},
	47003: {"消息的内容不符合模板的要求（过长、为空或者字符不允许），没有发出。", whoseCourt, "请技术人员运行 microcourt wechat check 核对模板；着急的改用短信、纸质或者电话。"},
	45009: {"本院当天的微信消息额度已经用完。", whoseWeChat, "明天会继续发送；着急的改用短信、纸质或者电话。"},
	45011: {"发送过快，微信要求稍后再发。", whoseWeChat, doWait},
	44990: {"发送过快，微信要求稍后再发。", whoseWeChat, doWait},
	44991: {"发送过快，微信要求稍后再发。", whoseWeChat, doWait},
	44993: {"当天生成的小程序链接已达上限。", whoseWeChat, "明天会继续发送；着急的改用纸质或者电话。"},
	45109: {"使用了微信已经停用的接口。", whoseSystem, doTechnical},
	48001: {"本院小程序没有开通这项消息功能，或者没有通过认证。", whoseCourt, doTechnical},
	50004: {"本院小程序被禁止使用接口。", whoseCourt, doTechnical},
	50007: {"本院小程序的账号被微信冻结。", whoseCourt, doTechnical},
	40243: {"本院小程序的密钥被冻结。", whoseCourt, doTechnical},
	40125: {"本院小程序的密钥不正确。", whoseCourt, doTechnical},
	40164: {"服务器的网络地址不在微信的白名单中。", whoseCourt, doTechnical},
	89503: {"服务器的网络地址需要小程序管理员在微信中确认。", whoseCourt, "请小程序管理员在微信中点确认，然后再试。"},
	89506: {"小程序管理员拒绝了服务器的网络地址，24 小时内不能再试。", whoseCourt, doTechnical},
	89507: {"小程序管理员拒绝了服务器的网络地址，1 小时内不能再试。", whoseCourt, doTechnical},
	85079: {"小程序还没有发布正式版，不能生成短信中的链接。", whoseCourt, doTechnical},
	85401: {"短信中链接的有效期不正确。", whoseSystem, doTechnical},
	85406: {"本院小程序链接当天的打开次数已达上限。", whoseWeChat, "明天会继续发送；着急的改用纸质或者电话。"},
	40129: {"小程序码的参数不正确。", whoseSystem, doTechnical},
	40169: {"小程序码的参数不正确。", whoseSystem, doTechnical},
	40097: {"小程序码的参数不正确。", whoseSystem, doTechnical},
	45029: {"小程序码的总数已达上限。", whoseWeChat, doTechnical},
	40226: {"微信认为对方的账号有风险，不允许登录。", whoseAddressee, doOther},
	40029: {"对方的登录已过期。", whoseAddressee, "请对方重新打开小程序；着急的改用短信、纸质或者电话。"},
	40163: {"对方的登录已过期。", whoseAddressee, "请对方重新打开小程序；着急的改用短信、纸质或者电话。"},
	41004: {"没有配置小程序的密钥。", whoseCourt, doTechnical},
	41002: {"没有配置小程序的标识。", whoseCourt, doTechnical},
	43002: {"请求的方式不正确。", whoseSystem, doTechnical},
	44002: {"请求没有内容。", whoseSystem, doTechnical},
	40002: {"请求凭证的方式不正确。", whoseSystem, doTechnical},
	-1008: {"微信没有取到要检查的图片。", whoseCourt, doTechnical},
}

// channelWords are what channels report in words of their own.
var channelWords = []struct {
	word  string
	means Explanation
}{
	{"user block", Explanation{"对方拒收了本院服务号的消息。", whoseAddressee, doOther}},
	{"freq limit", Explanation{"发送过快，微信没有送出。", whoseWeChat, doOther}},
	{"system failed", Explanation{"微信发送时出错。", whoseWeChat, doOther}},
	{"isv.MOBILE_NUMBER_ILLEGAL", Explanation{"登记的手机号不正确。", "登记的号码有误", "核对并更正手机号；在此之前改用纸质或者电话。"}},
	{"isv.BLACK_KEY_CONTROL_LIMIT", Explanation{"短信的变量中有不允许的字。", whoseCourt, doTechnical}},
	{"isv.BUSINESS_LIMIT_CONTROL", Explanation{"短时间内给该号码的短信过多，短信平台没有发送。", whoseGateway, "稍后再试，或者改用纸质、电话。"}},
	{"isv.AMOUNT_NOT_ENOUGH", Explanation{"本院的短信余额不足。", whoseCourt, "请及时充值；着急的改用纸质或者电话。"}},
	{"isv.OUT_OF_SERVICE", Explanation{"本院的短信服务已停机。", whoseCourt, doTechnical}},
	{"isv.DAY_LIMIT_CONTROL", Explanation{"本院当天的短信额度已经用完。", whoseCourt, "明天会继续发送；着急的改用纸质或者电话。"}},
	{"isv.MONTH_LIMIT_CONTROL", Explanation{"本院当月的短信额度已经用完。", whoseCourt, doTechnical}},
	{"isv.ACCOUNT_ABNORMAL", Explanation{"本院的短信账号异常。", whoseCourt, doTechnical}},
	{"isv.SMS_SIGN", Explanation{"短信签名没有通过审核。", whoseCourt, doTechnical}},
	{"isv.SMS_TEMPLATE", Explanation{"短信模板没有通过审核。", whoseCourt, doTechnical}},
	{"isv.", Explanation{"短信平台拒绝了这条短信。", whoseCourt, doTechnical}},
	{"MOBILE_NOT_ON_SERVICE", Explanation{"该号码已停机或者是空号。", "登记的号码有误，或者对方停机", "核对手机号；改用纸质或者电话。"}},
	{"NULL", Explanation{"该号码是空号。", "登记的号码有误", "核对并更正手机号；改用纸质或者电话。"}},
	{"BLACK", Explanation{"对方拒收短信。", whoseAddressee, "改用纸质或者电话。"}},
	{"POWEROFF", Explanation{"对方手机关机或者不在服务区。", whoseAddressee, "稍后再试，或者改用纸质、电话。"}},
	{"UNDELIV", Explanation{"短信没有送到对方手机。", "对方或者运营商", "核对手机号；改用纸质或者电话。"}},
	{"EXPIRED", Explanation{"短信在有效期内没有送到，对方手机可能长时间关机。", whoseAddressee, "改用纸质或者电话。"}},
	{"REJECT", Explanation{"运营商或者对方拒收了短信。", "对方或者运营商", "改用纸质或者电话。"}},
}

// explainCode says what a channel's code means, and whether one is known.
func (m OutboxMessage) explainCode() (Explanation, bool) {
	for _, said := range []string{m.DeliveryError, m.LastError} {
		for _, w := range channelWords {
			if said != "" && strings.Contains(strings.ToUpper(said), strings.ToUpper(w.word)) {
				return w.means, true
			}
		}
	}
	if m.LastCode == 0 {
		return Explanation{}, false
	}
	if e, known := wechatCodes[m.LastCode]; known && m.Channel != ChannelSMS {
		return e, true
	}
	who := whoseWeChat
	if m.Channel == ChannelSMS {
		who = whoseGateway
	}
	return Explanation{who + "没有接受这条消息，原因不在已知的范围内。", who, "请把下面的代码告诉技术人员；着急的改用短信、纸质或者电话。"}, true
}

// Code is what the channel answered, for the engineer; "" for nothing.
func (m OutboxMessage) Code() string {
	var out []string
	if m.LastCode != 0 {
		out = append(out, fmt.Sprint(m.LastCode))
	}
	for _, s := range []string{m.LastError, m.DeliveryError} {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, " ")
}
