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
//	抵销        SetOff             a claim against the creditor performs instead of money
//	提存        Lodgement          money that an authority holds for whoever cannot be paid
//	自动履行证明书   Certificate        of voluntary performance
//	通知        Notice             in the inbox, which is the record
//	文书        Document           a numbered paper from frozen facts
//	督促时间表     Step               one planned notice to one party
//	执行案件      EnforcementCase    enforces obligations of a case
//	待办事项      Task               what somebody has to do by a time
//	强制措施      Measure            proposed, decided, carried out, lifted
//	履行后清理     CleanUp            lifts everything after full performance
//	执行和解      Settlement         one edition of an agreement
//	履行和解      PlanAgreement      another plan that the parties agree on before enforcement
//	解除审查      ReleaseReview      whether measures end after a settlement
//	信用修复      RepairApplication  of a listed debtor
//	收款账户      PaymentAccount     of a creditor, confirmed by the judge
//	家属        Relative           of a debtor, asked for and admitted
//	对话        Conversation       what people and the court write to each other
//	责任单位      Agency             works with the court, and owes its duties
//	责任事项      AgencyDuty         who has to do what by when, as data
//	执行联络员     Liaison            helps officers in towns and villages
//	案款        CaseMoney          money in the court's account for an enforcement case, or not yet for one
//	案款发放      Payout             money of a case that leaves the account, by two hands
//	暂存款       Deposit            money that an accused pays before the judgment
//	财产刑公函     PrisonLetter       a prison's, or another authority's, letter about a convict's items of property
//	查控        AssetQuery         asks an agency what a debtor has
//	行政决定      AdministrativeDecision what an agency asks the court to enforce
//
// # Where
//
// Which file answers which question:
//
//	absence.go                who answers while one is away
//	actor.go                  who acts, in which roles, from where
//	address.go                which network an address belongs to, for limits
//	administrative_decision.go what is known of an administrative decision
//	agency.go                 which agencies there are, and their contacts
//	agency_duty.go            what an agency owes by when, and how its report is taken
//	agency_measure.go         what an agency owes for one measure
//	agency_rule.go            whether an agency applied for enforcement in time
//	agency_text.go            what agencies are told
//	amount.go                 how an amount that somebody typed is read
//	amount_words.go           how an amount in Chinese figures is read
//	answer.go                 what a creditor says of a receipt, and who decides without proof
//	application_period.go     until when a creditor may apply for enforcement, and why
//	asset_query.go            how an agency is asked about a debtor, and answers
//	audit.go                  what stands in the audit trail
//	audit_action.go           the actions of the audit trail, and their words
//	calendar.go               which days are working days, and when a period ends
//	callback.go               how a call is agreed on
//	callback_text.go          what is said about calls
//	case.go                   what a case and its parties are
//	case_link.go              what a person is told to whom a case appeared by itself
//	case_money.go             what money the court holds for enforcement cases, and until when it is paid out
//	case_money_text.go        what creditors and officers are told of it
//	case_type.go              which type codes of case numbers courts added to the table
//	caseno.go                 how a case number is read and written
//	certificate.go            what a certificate and an application for one are
//	certificate_rule.go       whether somebody gets a certificate
//	citation.go               how a rule of law is cited, on the day of an act
//	citation_law.go           the laws, and their versions
//	citation_table.go         the rules that the program applies, and where they stand
//	cleanup.go                what is lifted after performance, in which order
//	code.go                   how codes on paper are made and read
//	content.go                what a check of contents says
//	conversation.go           who talks with whom, and who answers by when
//	conversation_record.go    the record of a conversation as a paper
//	court.go                  what a court is, and its settings
//	currency.go               what is owed and paid in another currency, and by which rate it is booked
//	date.go                   what a legal day is
//	date_bounds.go            between which days something can be
//	date_window.go            between which events a day lies, and how long a term can be
//	date_words.go             how a day that somebody typed is read
//	debt_entry.go             what was waived, left or decided about a debt besides payment
//	delivery.go               what a channel reported of a message
//	delivery_code.go          what a channel's answer means, whose matter it is, and what to do
//	doc.go                    what the words mean, and where to look
//	desk_act.go               how long a decision or an answer at the desk can be taken back
//	deposit.go                what becomes of money that an accused pays before the judgment
//	deposit_wish.go           how a payer changes what his deposit is for
//	deposit_text.go           what is said of it
//	distribution.go           how money that enforcement brought is shared among several creditors
//	distribution_text.go      what they are told of it
//	document.go               which numbered papers there are
//	document_field.go         what a template of a paper may name
//	ending.go                 what a restored database may not bring back
//	dossier.go                what belongs into a case's electronic file, and how far it has come
//	dues.go                   which instalments of dues without end there are, and when they end
//	enforcement.go            what an enforcement case is, and how it is closed
//	enforcement_ending.go     what becomes of everything when an enforcement case ends
//	enforcement_statistics.go how enforcement is counted
//	enforcement_text.go       what enforcement tells people
//	error.go                  which kinds of failures there are
//	forgiveness.go            what a creditor forgives of a debt, and who may refuse it
//	fold.go                   when two texts are the same to a reader
//	handed_in.go              who handed a receipt in, and what the debtor is told of it
//	sentence.go               how typed text meets the words around it
//	how_to_pay.go             where open money goes, in parts that a payer copies
//	group_payment.go          how one payment serves several cases of a debtor
//	holiday_rule.go           which days are holidays by the law itself, without a notice
//	identifier.go             whether a number of papers is right, and how it is masked
//	import.go                 what an import brings, and what it waits for
//	installation.go           whether configuration and database belong together
//	interest.go               the doubled part of the interest on late money
//	interest_text.go          how terms of ordinary interest are typed
//	job.go                    which jobs run, and how they ended
//	late_fine.go              the surcharge on a late administrative fine
//	ledger.go                 what was confirmed and allocated, and what obligees say
//	liaison.go                villages, liaisons, and requests to them
//	lodgement.go              how money is lodged for a creditor who cannot be paid
//	machine.go                what a machine of states is
//	machines.go               what can become of each thing, and by whom
//	measure.go                what a coercive measure is
//	measure_condition.go      what the law asks of each measure when it is proposed, decided, put into effect and lifted
//	measure_execution.go      what has to be recorded before a decision counts as carried out
//	measure_ground.go         what has to be so before a ground may be named, and who is asked
//	measure_law.go            on which grounds and by which articles a measure is taken
//	measure_paper.go          what a decision on a measure says
//	measure_review.go         how somebody applies against a measure
//	measure_rule.go           whether a measure may be taken, and how it ends
//	money.go                  how money is counted and written
//	next_step.go              what a party has to do next in a case
//	notice.go                 which notices there are, and how messages go out
//	notice_card.go            what a notice's card shows
//	notice_text.go            what parties are told
//	number.go                 whether two series of document numbers could meet, and which one a number is of
//	obligation.go             what an instrument and its obligations are
//	ordinary_interest.go      the interest that an instrument gives until it is paid
//	outside.go                what an outside channel is handed, and what it answers
//	payment_account.go        where a creditor wants to be paid, and when that is believed
//	paper.go                  what a certificate says
//	party_named.go            whom somebody means who names a party
//	password.go               whether a password is good enough
//	payout.go                 how that money leaves the account
//	payout_delay.go           when that may wait, and who lets it
//	penalty.go                categories of a criminal case's items of property
//	penalty_statement.go      the statement of how a convict performed
//	penalty_statistics.go     how criminal property penalties are counted
//	penalty_text.go           what is said about a prison's letters
//	performance.go            how far a case is performed
//	petition.go               a remorse statement, a request for early release
//	plan.go                   what another plan that the parties agreed on does, kept and broken
//	plan_text.go              what is said about it
//	prime_rate.go             the published loan prime rates
//	prison_letter.go          a prison's letter and its answer
//	president.go              who decides what the law gives to the court's president: he, and whom he authorised in writing
//	prolong.go                how a listing is prolonged
//	proof.go                  what the court can show of a notice's service
//	receipt_queue.go          in which order receipts wait, where one stands, and who looks at it
//	receipt_match.go          whether what a receipt says agrees with its case
//	receipt_doubt.go          which flags ask for a reason before a receipt is confirmed
//	receipt.go                what a receipt is, and what is decided of it
//	reckoning.go              what a debt amounts to on a day: the one computation
//	recovery.go               what is reconciled after a backup was restored
//	redaction.go              what of a picture a creditor may see
//	reference.go              the code by which money finds its case
//	this_round.go             what the law asks before 终结本次执行程序, and the entries on the way to it
//	refusal_act.go            which acts before the judgment's effect are kept for the crime of refusal
//	regime.go                 which rules a duty follows: interest, fee, period, start
//	regime_text.go            what papers say because of them
//	relative.go               how a relative is connected to a debtor
//	relative_matter.go        what a relative sees, and whom he may ask
//	relative_text.go          what relatives are told
//	release.go                whether measures end after a settlement
//	reminder.go               what a reminder says of a debt
//	responsible.go            who in the court answers for what a notice speaks of
//	repair.go                 whether a listed debtor gets credit repair
//	repair_effect.go          what a repair does to a listing
//	replacement.go            how a new instrument's duty takes the place of an earlier one
//	repeat.go                 what a repeat of an act is answered with
//	role.go                   who may do what
//	saved_filter.go           how somebody looks at a list again and again
//	schedule.go               when who is urged, and what a judge does about it
//	schedule_text.go          what urging says
//	search.go                 as what a case is meant that somebody searches for
//	second_eyes.go            what nobody decides who had a hand in it
//	service_of_process.go     who consented to which service of process, and paper instead
//	set_off.go                what may be set off against a debt, and when
//	settlement.go             what an agreement promises, and whether it is kept
//	settlement_text.go        what is said about agreements
//	spending.go               whether a restricted debtor may spend
//	spread.go                 which duties a payment pays
//	spreading.go              how money that is several creditors' is shared among them
//	subscription.go           what WeChat may show somebody, and what it told
//	subscription_need.go      which messages somebody can get, and when he is asked again
//	succession.go             whether, and from when, another stands in a party's place
//	surcharge.go              what is owed on a day of the fine added to an unpaid one
//	task.go                   what somebody has to do by when
//	task_mark.go              where a page of tasks goes on
//	term_words.go             how the end of a term in an instrument's words is read
//	thing.go                  what a task, an entry of the trail or a done act is about
//	term.go                   what an instrument says of its breach, and what follows from that
//	throttle.go               how long who failed too often waits
//	unreached.go              what becomes of a notice that reached nobody
//	pay_sheet.go              how to pay, to be printed
//	understanding.go          which creditors forgave the debtor as a person, how they say so, and who reads it
//	upload.go                 what an uploaded file is
//	user.go                   what an account and a session are
//	waiting.go                which applications wait, since when and for whom
//	watch.go                  what is wrong with the running program
//	way.go                    which channel a notice goes to next, and who gets it
package model
