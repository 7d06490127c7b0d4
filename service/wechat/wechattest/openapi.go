package wechattest

// lookUpRID tells what a rid was about, without content.
func (f *Fake) lookUpRID(c *call) any {
	var in struct {
		RID string `json:"rid"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	e, ok := f.rids[in.RID]
	if !ok {
		return refusal{76022, "could not use this rid, maybe your rid not belong to this appid"}
	}
	return reply{"errcode": 0, "errmsg": "ok", "request": reply{
		"invoke_time": e.At.Unix(), "cost_in_ms": 1, "request_url": e.Path, "request_body": "", "response_body": "", "client_ip": "127.0.0.1",
	}}
}

// quota tells how much of a path's daily quota is left. Paths without a limit
// in Config show the platform's figure for subscribe messages.
func (f *Fake) quota(c *call) any {
	var in struct {
		Path string `json:"cgi_path"`
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	if _, ok := endpoints(in.Path); !ok {
		return refusal{76021, "cgi_path not found, please check"}
	}
	limit, ok := f.cfg.DailyQuota[in.Path]
	if !ok {
		limit = 10_000_000
	}
	return reply{"errcode": 0, "errmsg": "ok", "quota": reply{"daily_limit": limit, "used": f.used[in.Path], "remain": limit - f.used[in.Path]}}
}
