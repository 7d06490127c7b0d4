package api

import "microcourt/model"

// idPath is the input of a route about one thing that takes nothing else.
type idPath struct {
	ID int64 `path:"id" json:"-"`
}

// withKey is the header of a write that has no natural key: a phone repeats a
// request whose answer got lost.
type withKey struct {
	Key string `header:"Idempotency-Key" json:"-" required:"true"`
}

const keyHeader = "Idempotency-Key"

var errKey = model.InvalidField(keyHeader, "idempotency.required", "缺少请求标识（Idempotency-Key），应为 8 到 64 位字母、数字或 -_")

func validKey(k string) bool {
	if len(k) < 8 || len(k) > 64 {
		return false
	}
	for _, r := range k {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
