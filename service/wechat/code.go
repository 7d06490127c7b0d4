package wechat

import (
	"bytes"
	"context"
	"errors"
	"net/url"
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
	err := c.throughSDK(ctx, codePath, func(token sdkToken) error {
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
	case !isPicture(image): // some JSON under a picture's content type
		return nil, userError(newTransportError(codePath, true, errors.New("the answer is not a picture")))
	}
	return image, nil
}

func isPicture(b []byte) bool {
	return bytes.HasPrefix(b, []byte("\xff\xd8\xff")) || bytes.HasPrefix(b, []byte("\x89PNG"))
}

const (
	codePath = "/wxa/getwxacodeunlimit"
	linkPath = "/wxa/generate_urllink"
)

// linkDays is how long a link lives; WeChat allows thirty days at most.
const linkDays = 30

// URLLink gives a link (URL Link) that opens a page of the mini-program from
// outside WeChat, for text messages; "" is its first page. The page has no
// leading slash; what follows its question mark is the query. Errors: Invalid
// wechat.link_refused when WeChat will never give a link to this page;
// Unavailable wechat.unavailable; Internal wechat.configuration.
func (c *Client) URLLink(ctx context.Context, page string) (string, error) {
	path, query, _ := strings.Cut(page, "?")
	in := map[string]any{
		"path": "", "query": query, "expire_type": 1, "expire_interval": linkDays,
		"env_version": map[MessageState]string{StateFormal: "release", StateTrial: "trial", StateDeveloper: "develop"}[c.cfg.MessageState],
	}
	if path != "" {
		in["path"] = "/" + strings.TrimPrefix(path, "/")
	}
	var got struct {
		Link string `json:"url_link"`
	}
	err := c.post(ctx, linkPath, in, &got)
	if err == nil {
		if u, perr := url.Parse(strings.TrimSpace(got.Link)); perr != nil || u.Scheme != "https" || u.Host == "" {
			err = newTransportError(linkPath, true, errors.New("the answer holds no link"))
		}
	}
	if linkRefused(err) {
		return "", model.InvalidField("page", "wechat.link_refused", "微信不能为这个页面生成链接").WithCause(err)
	}
	if err != nil {
		return "", userError(err)
	}
	return strings.TrimSpace(got.Link), nil
}

// linkRefused tells whether WeChat refused a link for good: the page is not in
// the released mini-program (40165), the mini-program is not released (85079),
// the links of the day are used up (44993), and whatever else it may say of this
// page. What is about the account, the token or too many calls passes.
func linkRefused(err error) bool {
	if errors.Is(err, ErrTokenRefused) {
		return false
	}
	switch codeOf(err) {
	case 0, -1, 45009, 45011, 44990, 44991,
		40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 50004, 50007, 89503, 89506, 89507:
		return false
	}
	return true
}
