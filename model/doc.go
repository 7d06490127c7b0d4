// Package model holds the court's words and rules in plain Go: no database, no
// HTTP, nothing of ours imported. Its structs carry gorm's tags, which are
// strings, and no JSON tags: nothing reaches JSON that a door does not name in a
// view of its own. Changes of state are methods that refuse what the law does not
// allow; a rule names its article.
//
// # Words
//
// One word stands for one thing, in code, comments and documents.
//
//	法院        Court              staff and cases belong to one, no other sees them
//	案件        Case               whose performance is supervised from filing on
//	当事人       Party              a litigant in one case; a Binding ties a person to it
//	法律文书      Instrument         effective, and holds obligations
//	给付义务      Obligation         one duty, of one or several obligors
//	汇款回执      Receipt            proof of payment that a debtor submits
//	确认        Confirmation       an entry of the ledger, which is only added to
//	自动履行证明书   Certificate        of voluntary performance
//	通知        Notice             in the inbox, which is the record
//	文书        Document           a numbered paper from frozen facts
//	督促时间表     Step               one planned notice to one party
//	执行案件      EnforcementCase    enforces obligations of a case
//	待办事项      Task               what somebody has to do by a time
//	强制措施      Measure            proposed, decided, carried out, lifted
//	履行后清理     CleanUp            lifts everything after full performance
//	执行和解      Settlement         one edition of an agreement
//	解除审查      ReleaseReview      whether measures end after a settlement
//	信用修复      RepairApplication  of a listed debtor
//	家属        Relative           of a debtor, asked for and admitted
//	对话        Conversation       what people and the court write to each other
//	责任单位      Agency             works with the court, and owes its duties
//	责任事项      AgencyDuty         who has to do what by when, as data
//	执行联络员     Liaison            helps officers in towns and villages
//	财产刑公函     Inquiry            an authority's letter about a convict's duties
//	查控        AssetQuery         asks an agency what a debtor has
package model
