package model

import "time"

// DefectKind is something that the system found wrong with itself.
type DefectKind string

// The kinds of finding. Each is gone when what it is about is mended: it is
// derived from the records each time.
const (
	DefectUnsent      DefectKind = "notice_unsent"      // 消息到时未发出
	DefectUnconfirmed DefectKind = "notice_unconfirmed" // 渠道接收后三天没有送达回执
	DefectUnprinted   DefectKind = "paper_unprinted"    // 证明书没有生成 PDF
	DefectHole        DefectKind = "number_hole"        // 文号不连续
	DefectUnseen      DefectKind = "file_unseen"        // 上传的文件没有生成查看件
	DefectJob         DefectKind = "job_late"           // 定时任务没有按时运行
	DefectOlder       DefectKind = "database_older"     // 数据库比已有的编号或文件旧
	DefectJournal     DefectKind = "journal_away"       // 编号日志无法读写
	DefectMissing     DefectKind = "object_missing"     // 证据或文书的文件缺失
	DefectPush        DefectKind = "push_failed"        // 微信推送的消息没有处理成功
)

// After which time what is not done is found.
const (
	FindUnsentAfter      = 30 * time.Minute
	FindUnconfirmedAfter = 72 * time.Hour
	FindUnconfirmedFor   = 30 * 24 * time.Hour // older ones are told by nobody any more
	FindUnprintedAfter   = 10 * time.Minute
	FindUnseenAfter      = 30 * time.Minute
	FindJobAfter         = 10 * time.Minute // beyond its own interval
	FindPushFor          = 30 * 24 * time.Hour
)

// defect is what is said about a kind.
type defect struct {
	act                     Act // who is to see to it
	title, means, fault, do string
}

var defects = map[DefectKind]defect{
	DefectUnsent: {
		ActOperations, "消息到时未发出", "这些消息已到发送时间，超过 30 分钟仍在排队；当事人在小程序收件箱中仍可看到。", "一般是发送渠道或网络故障，不是当事人的原因。",
		"查看下方渠道状态和系统日志；渠道恢复后会自动发出，长时间不恢复的，请由书记员改用短信或者纸质送达。",
	},
	DefectUnconfirmed: {
		ActDeliveryManage, "渠道接收后未确认送达", "渠道已接收这些消息，超过三天没有收到送达回执，不能视为已送达。", "可能是对方手机长期关机、卸载微信，也可能是渠道没有推送回执。",
		"请打开“消息送达”核对，重要文书改用短信或者纸质送达。",
	},
	DefectUnprinted: {
		ActOperations, "证明书没有生成", "证明书已编号出具，超过 10 分钟还没有生成签名的 PDF。", "一般是签名证书、字体或者文件存储的故障，不影响证明书的效力和文号。",
		"查看“打印并保存自动履行证明书”任务的结果和文件存储状态，排除后立即运行该任务。",
	},
	DefectHole: {
		ActOperations, "证明书文号不连续", "已给出的最大文号与在册证明书、作废文号的数量对不上。", "多为恢复备份或者人工改动数据库造成。",
		"请运行 microcourt reconcile 核对，缺失的文号应登记为作废并说明原因。",
	},
	DefectUnseen: {
		ActOperations, "上传的文件没有查看件", "这些文件已收下，超过 30 分钟还不能在页面上查看；原件没有丢失。", "一般是文件存储故障，或者文件的格式无法解码。",
		"查看文件存储状态和系统日志；打开该文件会立即重新生成。",
	},
	DefectJob: {
		ActOperations, "定时任务没有按时运行", "该任务超过间隔时间没有运行，或者连续失败三次以上。", "一般是程序没有运行、数据库繁忙或者外部服务故障。",
		"在下方“定时任务”中查看原因并再试一次。",
	},
	DefectOlder: {
		ActOperations, "数据库回到了较早的状态", "数据库比已经给出的编号、审计记录或者已收到的文件旧，有记录丢失；清理已暂停，确定丢失记录的，对外消息也已暂停。",
		"多为恢复备份、切换到落后的从库，或者换回旧的数据库造成。",
		"请系统管理员停用错误的数据库，或者在服务器上运行 microcourt reconcile 核对；缺失的编号会登记为作废，不会再次给出。",
	},
	DefectJournal: {
		ActOperations, "编号日志无法读写", "已给出的编号另存一份在文件存储中，现在无法写入或者读取；编号继续给出。此时数据库如果回到较早的状态，可能不会立即发现。", "一般是文件存储故障，或者网络不通。",
		"请系统管理员检查文件存储；恢复后程序自动补写并再次核对。",
	},
	DefectPush: {
		ActOperations, "平台推送的消息没有处理成功", "微信推送的这些消息（送达结果、订阅选择等）多次处理失败，已另行保存，不影响其他消息。", "一般是程序不认识的内容，或者数据库的问题，不是当事人的原因。",
		"查看系统日志中的原因；程序每天自动再试一次，升级程序后仍不成功的，请联系维护人员。",
	},
	DefectMissing: {
		ActOperations, "证据或者文书的文件缺失", "数据库中有记录，但文件存储中没有这些文件，或者内容已经损坏。", "一般是存储介质故障、误删，或者恢复的备份中副本已损坏，不是当事人的原因。",
		"运行 microcourt reconcile 查看清单，在其他备份或者存储的历史版本中找到完整的副本放回原处；找不回的，请承办人通知当事人重新提交。",
	},
}

// Defect is something wrong, as the records show it now.
type Defect struct {
	Kind  DefectKind
	N     int64     // how many, up to the ceiling of counts
	Since time.Time // of the oldest, zero when not known
	What  string    // which, where that is short
}

// DefectKinds lists the kinds in order of their names.
func DefectKinds() []DefectKind {
	return []DefectKind{DefectUnsent, DefectUnconfirmed, DefectUnprinted, DefectHole, DefectUnseen, DefectJob, DefectJournal, DefectOlder, DefectMissing, DefectPush}
}

// Act is what whoever sees to the kind may do.
func (k DefectKind) Act() Act { return defects[k].act }

// Title names the kind on screens.
func (k DefectKind) Title() string { return defects[k].title }

// Means says what it means.
func (k DefectKind) Means() string { return defects[k].means }

// Fault says whose fault it is.
func (k DefectKind) Fault() string { return defects[k].fault }

// Do says what to do.
func (k DefectKind) Do() string { return defects[k].do }
