package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

// moveData is what is moved to another way at once: how many, to whom, and why.
type moveData struct {
	Reason, To, ToName string
	Messages           []notice.Delivery
	Explained          model.Explanation
	People             int // different parties
	Labels             model.Labels
}

var moveNames = map[string]string{model.ChannelSMS: "短信", model.ChannelPaper: "纸质送达", notice.ByPhone: "电话告知"}

func (d *Desk) moveData(c *gin.Context, reason, to string) (data moveData, err error) {
	data.Reason, data.To, data.ToName = reason, to, moveNames[to]
	if data.ToName == "" {
		return data, model.InvalidField("to", "channel.unknown", "请选择改用短信、纸质或者电话")
	}
	if data.Messages, err = d.svc.Notice.OfReason(c.Request.Context(), web.Actor(c), reason); err != nil {
		return data, err
	}
	people := map[int64]bool{}
	for _, m := range data.Messages {
		people[m.To], data.Explained = true, m.Explained
	}
	data.People = len(people)
	data.Labels, err = labelsOf(c.Request.Context(), d, web.Actor(c), data.Messages, sentTo)
	return data, err
}

// movePage shows what would be moved, before it is.
func (d *Desk) movePage(c *gin.Context) error {
	data, err := d.moveData(c, c.Query("reason"), c.Query("to"))
	if err != nil {
		return err
	}
	return d.show(c, "delivery_move", "改用"+data.ToName, data)
}

var errNoMessage = model.InvalidField("message", "delivery.none", "请选择要改用其他方式的消息")

func (d *Desk) moveAll(c *gin.Context) error {
	f := d.form(c)
	ids, to := f.several("message", errNoMessage), f.text("to")
	if err := f.do(func() error {
		_, err := d.svc.Notice.Move(c.Request.Context(), web.Actor(c), ids, to)
		return err
	}); err != nil {
		data, again := d.moveData(c, f.text("reason"), to)
		if again != nil {
			return err
		}
		return d.again(c, "delivery_move", "改用"+data.ToName, data, err)
	}
	return done(c, "/desk/deliveries", "moved")
}
