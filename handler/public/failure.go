package public

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
)

// failureTitles say what happened, by status; the message says what to do.
var failureTitles = map[int]string{
	http.StatusNotFound: "没有找到这个页面", http.StatusMethodNotAllowed: "这个页面不能这样打开", http.StatusForbidden: "不能打开这个页面", http.StatusTooManyRequests: "打开得太频繁了",
	http.StatusInternalServerError: "系统出了问题", http.StatusServiceUnavailable: "系统暂时不能使用",
}

// Failure shows a failure to a person: what happened, what to do, whom to call.
func (p *Pages) Failure(c *gin.Context, status int, f web.Failure, requestID string) error {
	title := failureTitles[status]
	if title == "" {
		title = "没有完成"
	}
	message := f.Message
	switch status {
	case http.StatusNotFound:
		message = "地址可能输入有误，或者页面已经移走。请从首页重新进入，或者查看收到的消息、文书上的地址。"
	case http.StatusMethodNotAllowed:
		message = "请从首页重新进入，按页面上的按钮操作。"
	}
	return p.render(c, status, "failure", gin.H{"Title": title, "Message": message, "RequestID": requestID, "Ours": status >= http.StatusInternalServerError})
}
