package model

// The laws that the program applies, each with its versions. Where only the
// version in force matters to a rule, older ones may be missing: a citation then
// says that it is not law on such a day.
//
// Sources: the texts as published; the numbers of the last articles are those of
// each version's text. Not verified against a gazette, and therefore said here:
// 民事诉讼法 of 2007 to 2017, 民诉解释 of 2015, 失信规定 of 2017, 限高规定 of 2015 and
// 法发〔2019〕35号 were checked by quotations only.
var (
	lawCivilProcedure = &law{name: "中华人民共和国民事诉讼法", short: "民事诉讼法", versions: []lawVersion{
		{label: "2007年修正", from: Date{2008, 4, 1}, until: Date{2012, 12, 31}, last: 268},
		{label: "2012年修正", from: Date{2013, 1, 1}, until: Date{2017, 6, 30}, last: 284},
		{label: "2017年修正", from: Date{2017, 7, 1}, until: Date{2021, 12, 31}, last: 284},
		{label: "2021年修正", from: Date{2022, 1, 1}, until: Date{2023, 12, 31}, last: 291},
		{label: "2023年修正", from: Date{2024, 1, 1}, last: 306},
	}}
	lawInterpretation = &law{name: "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释", short: "适用民事诉讼法的解释", versions: []lawVersion{
		{label: "2015年", from: Date{2015, 2, 4}, until: Date{2020, 12, 31}, last: 552},
		{label: "2020年修正", from: Date{2021, 1, 1}, until: Date{2022, 4, 9}, last: 552},
		{label: "2022年修正", from: Date{2022, 4, 10}, last: 550},
	}}
	lawProcedureInterpretation = &law{name: "最高人民法院关于适用〈中华人民共和国民事诉讼法〉执行程序若干问题的解释", short: "适用民事诉讼法执行程序若干问题的解释", versions: []lawVersion{
		{label: "2008年", from: Date{2009, 1, 1}, until: Date{2020, 12, 31}, last: 40},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 27},
	}}
	lawMediation = &law{name: "最高人民法院关于人民法院民事调解工作若干问题的规定", short: "人民法院民事调解工作若干问题的规定", versions: []lawVersion{
		{label: "2004年", from: Date{2004, 11, 1}, until: Date{2020, 12, 31}, last: 24},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 20},
	}}
	lawLimitation = &law{name: "最高人民法院关于审理民事案件适用诉讼时效制度若干问题的规定", short: "审理民事案件适用诉讼时效制度若干问题的规定", versions: []lawVersion{
		{label: "2008年", from: Date{2008, 9, 1}, until: Date{2020, 12, 31}, last: 24},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 21},
	}}
	lawListing = &law{name: "最高人民法院关于公布失信被执行人名单信息的若干规定", short: "公布失信被执行人名单信息的若干规定", versions: []lawVersion{
		{label: "2013年", from: Date{2013, 10, 1}, until: Date{2017, 4, 30}, last: 7},
		{label: "2017年修正", from: Date{2017, 5, 1}, last: 13},
	}}
	lawConsumption = &law{name: "最高人民法院关于限制被执行人高消费及有关消费的若干规定", short: "限制被执行人高消费及有关消费的若干规定", versions: []lawVersion{
		{from: Date{2010, 10, 1}, until: Date{2015, 7, 21}, last: 12, was: "最高人民法院关于限制被执行人高消费的若干规定"},
		{label: "2015年修正", from: Date{2015, 7, 22}, last: 12},
	}}
	lawGoodFaith = &law{
		name: "最高人民法院关于在执行工作中进一步强化善意文明执行理念的意见", short: "在执行工作中进一步强化善意文明执行理念的意见", number: "法发〔2019〕35号",
		versions: []lawVersion{{label: "2019年", from: Date{2019, 12, 16}, last: 20}}, // its points; those up to the 18th were checked
	}
	// lawParties' texts were read on the web in the version of 2016; that the articles
	// that are cited kept their numbers in 2020 was checked by quotations only.
	lawParties = &law{name: "最高人民法院关于民事执行中变更、追加当事人若干问题的规定", short: "民事执行中变更、追加当事人若干问题的规定", versions: []lawVersion{
		{label: "2016年", from: Date{2016, 12, 1}, until: Date{2020, 12, 31}, last: 35},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 35},
	}}
	lawObjection = &law{name: "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定", short: "办理执行异议和复议案件若干问题的规定", versions: []lawVersion{
		{label: "2015年", from: Date{2015, 5, 5}, until: Date{2020, 12, 31}, last: 32},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 32},
	}}
	lawInvestigation = &law{name: "最高人民法院关于民事执行中财产调查若干问题的规定", short: "民事执行中财产调查若干问题的规定", versions: []lawVersion{
		{label: "2017年", from: Date{2017, 5, 1}, until: Date{2020, 12, 31}, last: 26},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 26},
	}}
	lawRefusal = &law{
		name: "最高人民法院、最高人民检察院关于办理拒不执行判决、裁定刑事案件适用法律若干问题的解释", short: "办理拒不执行判决、裁定刑事案件适用法律若干问题的解释", number: "法释〔2024〕13号",
		versions: []lawVersion{{label: "2024年", from: Date{2024, 12, 1}, last: 16}},
	}
	lawWork = &law{name: "最高人民法院关于人民法院执行工作若干问题的规定（试行）", short: "人民法院执行工作若干问题的规定（试行）", versions: []lawVersion{
		{label: "1998年", from: Date{1998, 7, 18}, until: Date{2020, 12, 31}, last: 137},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 78},
	}}
	// lawRound was read on the web, its articles 1 and 2 in full, the others by quotations.
	lawRound = &law{
		name: "最高人民法院关于严格规范终结本次执行程序的规定（试行）", short: "严格规范终结本次执行程序的规定（试行）", number: "法〔2016〕373号",
		versions: []lawVersion{{label: "2016年", from: Date{2016, 12, 1}, last: 19}},
	}
	lawSettlement = &law{name: "最高人民法院关于执行和解若干问题的规定", short: "执行和解若干问题的规定", versions: []lawVersion{
		{label: "2018年", from: Date{2018, 3, 1}, until: Date{2020, 12, 31}, last: 20},
		{label: "2020年修正", from: Date{2021, 1, 1}, last: 20},
	}}
	lawDelay = &law{
		name: "最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释", short: "执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释", number: "法释〔2014〕8号",
		versions: []lawVersion{{label: "2014年", from: Date{2014, 8, 1}, last: 7}},
	}
	lawLinked = &law{
		name: "最高人民法院、公安部关于建立快速查询信息共享及网络执行查控协作工作机制的意见", short: "建立快速查询信息共享及网络执行查控协作工作机制的意见", number: "法〔2016〕41号",
		versions: []lawVersion{{label: "2016年", from: Date{2016, 2, 1}}}, // the day it was issued is not verified
	}
	lawOnline = &law{name: "人民法院在线诉讼规则", short: "人民法院在线诉讼规则", versions: []lawVersion{{label: "2021年", from: Date{2021, 8, 1}, last: 39}}}
	// lawPilot bound the courts of the pilot, Ningbo's among them.
	lawPilot = &law{name: "民事诉讼程序繁简分流改革试点实施办法", short: "民事诉讼程序繁简分流改革试点实施办法", number: "法〔2020〕11号", versions: []lawVersion{
		{label: "2020年", from: Date{2020, 1, 15}, until: Date{2021, 7, 31}, last: 30},
	}}
	lawCivilCode = &law{name: "中华人民共和国民法典", short: "民法典", versions: []lawVersion{
		{from: Date{2017, 10, 1}, until: Date{2020, 12, 31}, last: 206, was: "中华人民共和国民法总则"},
		{label: "2020年", from: Date{2021, 1, 1}, last: 1260},
	}}
	// The text of its articles on set-off was checked by quotations only.
	lawContracts = &law{
		name: "最高人民法院关于适用〈中华人民共和国民法典〉合同编通则若干问题的解释", short: "适用民法典合同编通则若干问题的解释", number: "法释〔2023〕13号",
		versions: []lawVersion{{label: "2023年", from: Date{2023, 12, 5}, last: 69}},
	}
	lawMinors = &law{name: "中华人民共和国未成年人保护法", short: "未成年人保护法", versions: []lawVersion{
		{label: "2012年修正", from: Date{2013, 1, 1}, until: Date{2021, 5, 31}, last: 72},
		{label: "2020年修订", from: Date{2021, 6, 1}, until: Date{2024, 4, 25}, last: 132},
		{label: "2024年修正", from: Date{2024, 4, 26}, last: 132},
	}}
	lawDetentionHouse = &law{name: "拘留所条例", short: "拘留所条例", versions: []lawVersion{{label: "2012年", from: Date{2012, 4, 1}, last: 35}}}
	lawPrivacy        = &law{name: "中华人民共和国个人信息保护法", short: "个人信息保护法", versions: []lawVersion{{label: "2021年", from: Date{2021, 11, 1}, last: 74}}}
	lawCriminal       = &law{name: "中华人民共和国刑法", short: "刑法", versions: []lawVersion{{label: "1997年修订", from: Date{1997, 10, 1}, last: 452}}}
	lawCriminalTrial  = &law{name: "中华人民共和国刑事诉讼法", short: "刑事诉讼法", versions: []lawVersion{
		{label: "2012年修正", from: Date{2013, 1, 1}, until: Date{2018, 10, 25}, last: 290},
		{label: "2018年修正", from: Date{2018, 10, 26}, last: 308},
	}}
	lawNotarised = &law{name: "最高人民法院关于公证债权文书执行若干问题的规定", short: "公证债权文书执行若干问题的规定", number: "法释〔2018〕18号", versions: []lawVersion{
		{label: "2018年", from: Date{2018, 10, 1}, last: 25},
	}}
	lawMoney = &law{name: "最高人民法院关于执行款物管理工作的规定", short: "执行款物管理工作的规定", number: "法发〔2017〕6号", versions: []lawVersion{
		{label: "2017年", from: Date{2017, 5, 1}, last: 22},
	}}
	lawFees                   = &law{name: "诉讼费用交纳办法", short: "诉讼费用交纳办法", versions: []lawVersion{{label: "2006年", from: Date{2007, 4, 1}, last: 56}}}
	lawCriminalInterpretation = &law{name: "最高人民法院关于适用〈中华人民共和国刑事诉讼法〉的解释", short: "适用刑事诉讼法的解释", versions: []lawVersion{
		{label: "2012年", from: Date{2013, 1, 1}, until: Date{2021, 2, 28}, last: 548},
		{label: "2021年", from: Date{2021, 3, 1}, last: 655},
	}}
	lawFines = &law{name: "最高人民法院关于适用财产刑若干问题的规定", short: "适用财产刑若干问题的规定", number: "法释〔2000〕45号", versions: []lawVersion{
		{label: "2000年", from: Date{2000, 12, 19}, last: 11},
	}}
	lawCriminalProperty = &law{name: "最高人民法院关于刑事裁判涉财产部分执行的若干规定", short: "刑事裁判涉财产部分执行的若干规定", number: "法释〔2014〕13号", versions: []lawVersion{
		{label: "2014年", from: Date{2014, 11, 6}, last: 17},
	}}
	lawCommutation = &law{
		name: "最高人民法院关于办理减刑、假释案件审查财产性判项执行问题的规定", short: "办理减刑、假释案件审查财产性判项执行问题的规定", number: "法释〔2024〕5号",
		versions: []lawVersion{{label: "2024年", from: Date{2024, 5, 1}, last: 15}},
	}
	lawPunishment = &law{name: "中华人民共和国行政处罚法", short: "行政处罚法", versions: []lawVersion{
		{label: "1996年", from: Date{1996, 10, 1}, until: Date{2021, 7, 14}, last: 64},
		{label: "2021年修订", from: Date{2021, 7, 15}, last: 86},
	}}
	lawCoercion       = &law{name: "中华人民共和国行政强制法", short: "行政强制法", versions: []lawVersion{{label: "2011年", from: Date{2012, 1, 1}, last: 71}}}
	lawAdministrative = &law{name: "中华人民共和国行政诉讼法", short: "行政诉讼法", versions: []lawVersion{
		{label: "1989年", from: Date{1990, 10, 1}, until: Date{2015, 4, 30}, last: 75},
		{label: "2014年修正", from: Date{2015, 5, 1}, until: Date{2017, 6, 30}, last: 103},
		{label: "2017年修正", from: Date{2017, 7, 1}, last: 103},
	}}
	lawAdministrativeInterpretation = &law{name: "最高人民法院关于适用〈中华人民共和国行政诉讼法〉的解释", short: "适用行政诉讼法的解释", number: "法释〔2018〕1号", versions: []lawVersion{
		{from: Date{2000, 3, 10}, until: Date{2018, 2, 7}, last: 98, was: "最高人民法院关于执行〈中华人民共和国行政诉讼法〉若干问题的解释"},
		{label: "2018年", from: Date{2018, 2, 8}, last: 163},
	}}
	lawLand     = &law{name: "中华人民共和国土地管理法", short: "土地管理法", versions: []lawVersion{{label: "2019年修正", from: Date{2020, 1, 1}, last: 87}}}
	lawHolidays = &law{name: "全国年节及纪念日放假办法", short: "全国年节及纪念日放假办法", versions: []lawVersion{
		{label: "2013年修订", from: Date{2014, 1, 1}, until: Date{2024, 12, 31}, last: 7},
		{label: "2024年修订", from: Date{2025, 1, 1}, last: 8},
	}}
	lawCompany      = &law{name: "中华人民共和国公司法", short: "公司法", versions: []lawVersion{{label: "2023年修订", from: Date{2024, 7, 1}, last: 266}}}
	lawRegistration = &law{name: "中华人民共和国市场主体登记管理条例", short: "市场主体登记管理条例", versions: []lawVersion{{label: "2021年", from: Date{2022, 3, 1}, last: 55}}}
	lawOffices      = &law{
		name: "中共中央办公厅、国务院办公厅关于加快推进失信被执行人信用监督、警示和惩戒机制建设的意见", short: "加快推进失信被执行人信用监督、警示和惩戒机制建设的意见", number: "中办发〔2016〕64号",
		versions: []lawVersion{{label: "2016年", from: Date{2016, 9, 14}}},
	}
)
