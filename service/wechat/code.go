package wechat

import (
	"context"
	"regexp"
	"strings"

	sdkconfig "github.com/silenceper/wechat/v2/miniprogram/config"
	sdkcontext "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/miniprogram/qrcode"

	"microcourt/model"
)

var scenePattern = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]{1,32}$`)

// Code gives the picture (JPEG) of a mini-program code (小程序码) that opens page
// with scene. The scene is printed on paper and must be a random token, never an
// id; at most 32 letters, digits and !#$&'()*+,/:;=?@-._~ . The page has no
// leading slash and no query. Errors: Invalid wechat.scene and wechat.page;
// Unavailable wechat.unavailable; Internal wechat.configuration.
func (c *Client) Code(ctx context.Context, scene, page string) ([]byte, error) {
	if !scenePattern.MatchString(scene) {
		return nil, model.InvalidField("scene", "wechat.scene", "小程序码参数只能是 1 到 32 位字母、数字或规定的符号")
	}
	if strings.HasPrefix(page, "/") || strings.ContainsAny(page, "?#% ") {
		return nil, model.InvalidField("page", "wechat.page", "小程序页面路径不能以 / 开头，也不能带参数")
	}
	versions := map[MessageState]string{StateFormal: "release", StateTrial: "trial", StateDeveloper: "develop"}
	released := c.cfg.MessageState == StateFormal // other builds may have pages that the release lacks
	var image []byte
	err := c.throughSDK(ctx, "/wxa/getwxacodeunlimit", func(token sdkToken) error {
		var err error
		image, err = qrcode.NewQRCode(&sdkcontext.Context{
			Config: &sdkconfig.Config{AppID: c.cfg.AppID}, AccessTokenContextHandle: token,
		}).GetWXACodeUnlimit(qrcode.QRCoder{
			Scene: scene, Page: page, CheckPath: &released, EnvVersion: versions[c.cfg.MessageState], Width: 430,
		})
		return err
	})
	switch {
	case codeOf(err) == 41030:
		return nil, model.InvalidField("page", "wechat.page", "已发布的小程序中没有这个页面，请先发布新版本").WithCause(err)
	case err != nil:
		return nil, userError(err)
	}
	return image, nil
}

// linkDays is how long a link lives; WeChat allows thirty days at most.
const linkDays = 30

// URLLink gives a link (URL Link) that opens a page of the mini-program from
// outside WeChat, for text messages. The page has no leading slash; what
// follows its question mark is the query. Errors: Unavailable
// wechat.unavailable; Internal wechat.configuration.
func (c *Client) URLLink(ctx context.Context, page string) (string, error) {
	path, query, _ := strings.Cut(page, "?")
	in := map[string]any{
		"path": "/" + strings.TrimPrefix(path, "/"), "query": query, "expire_type": 1, "expire_interval": linkDays,
		"env_version": map[MessageState]string{StateFormal: "release", StateTrial: "trial", StateDeveloper: "develop"}[c.cfg.MessageState],
	}
	var got struct {
		Link string `json:"url_link"`
	}
	if err := c.post(ctx, "/wxa/generate_urllink", in, &got); err != nil {
		return "", userError(err)
	}
	return got.Link, nil
}
