package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/identity"
	"microcourt/service/performance"
)

func (s *API) pictureRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/pictures/:token", For: Phone | PhoneStaff, Act: model.ActPublic, Summary: "用短期有效的签名地址查看图片（无需登录令牌，供 <image> 直接显示；每次打开仍核对权限）",
			Produces: "image/jpeg, application/pdf", Limit: web.LimitOpen, Do: do(s.showPicture), Reasons: []Reason{
				{model.NotFound, "picture.expired"},
				{model.NotFound, "file.not_found"},
				{model.Unavailable, "files.unavailable"},
				{model.Invalid, "file.damaged"},
				{model.Unavailable, "file.busy"},
			},
		},
	}
}

// fileAddresses are addresses that open the copies of a file without a log-in
// token, for a short while and for who asked alone.
type fileAddresses struct {
	ViewURL  string   `json:"view_url,omitempty" description:"查看的地址，10 分钟内有效，只供本人；没有的用 /files/{id}/view"`
	ThumbURL string   `json:"thumbnail_url,omitempty" description:"缩略图的地址，10 分钟内有效，只供本人"`
	TileURLs []string `json:"tile_urls,omitempty" description:"长截图各段的地址，从上到下，10 分钟内有效，只供本人"`
}

// addressed gives files the addresses by which who asks may show them.
func (s *API) addressed(by model.Actor, lists ...[]fileView) {
	for _, list := range lists {
		for i := range list {
			f := &list[i]
			at := func(variant string) string {
				token := s.svc.Identity.SignPicture(by, identity.Picture{FileID: f.ID, Variant: variant})
				if token == "" {
					return ""
				}
				return s.cfg.PublicURL + "/api/v1/pictures/" + token
			}
			f.ViewURL, f.ThumbURL = at(string(performance.VariantView)), at(string(performance.VariantThumb))
			for n := range f.Tiles {
				if url := at(tileVariant + strconv.Itoa(n+1)); url != "" {
					f.TileURLs = append(f.TileURLs, url)
				}
			}
		}
	}
}

// tileVariant begins the name of a tile of a long picture.
const tileVariant = "tile:"

type pictureAddress struct {
	Token string `path:"token" json:"-" description:"签名地址的最后一段"`
}

// shownPicture is a copy that a phone shows straight from its address. Nothing on
// the way keeps it: the address is the key.
type shownPicture struct{ answer }

func (p shownPicture) send(c *gin.Context, status int) {
	c.Request.Header.Del("If-None-Match") // each look is asked for anew
	c.Request.Header.Del("If-Modified-Since")
	c.Writer = &unkept{c.Writer}
	p.answer.send(c, status)
}

// unkept says of whatever is sent that nobody keeps it, and that a page elsewhere
// may show it.
type unkept struct{ gin.ResponseWriter }

func (w *unkept) WriteHeader(status int) {
	h := w.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Del("ETag")
	h.Del("Last-Modified")
	w.ResponseWriter.WriteHeader(status)
}

func (s *API) showPicture(ctx context.Context, from model.Actor, in pictureAddress) (shownPicture, error) {
	by, p, err := s.svc.Identity.OpenPicture(ctx, in.Token)
	if err != nil {
		return shownPicture{}, err
	}
	by.IP, by.Device, by.RequestID = from.IP, from.Device, from.RequestID
	if n, ok := strings.CutPrefix(p.Variant, tileVariant); ok {
		tile, err := strconv.Atoi(n)
		if err != nil {
			return shownPicture{}, model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		shown, err := s.openTile(ctx, by, tilePath{p.FileID, tile})
		return shownPicture{shown}, err
	}
	v := performance.Variant(p.Variant)
	if !slices.Contains([]performance.Variant{performance.VariantView, performance.VariantThumb}, v) {
		return shownPicture{}, model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看")
	}
	shown, err := s.openCopy(v)(ctx, by, idPath{p.FileID})
	return shownPicture{shown}, err
}
