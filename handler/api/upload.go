package api

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

// fileReasons are what can be wrong with a file itself.
var fileReasons = []Reason{
	{model.Invalid, "file.empty"},
	{model.Invalid, "file.too_large"},
	{model.Invalid, "file.type"},
	{model.Invalid, "file.damaged"},
	{model.Invalid, "file.bomb"},
	{model.Invalid, "file.polyglot"},
	{model.Invalid, "file.pdf_encrypted"},
	{model.Invalid, "file.pdf_active"},
	{model.Invalid, "file.pdf_pages"},
	{model.Invalid, "file.unsupported"},
	{model.Invalid, "file.too_complex"},
	{model.Unavailable, "file.busy"},
	{model.Unavailable, "files.unavailable"},
	{model.Unavailable, "upload.no_space"},
}

func (s *API) uploadRoutes() []Route {
	look := []Reason{
		{model.NotFound, "file.not_found"},
		{model.Unavailable, "files.unavailable"},
	}
	picture := append([]Reason{{model.Invalid, "file.damaged"}, {model.Unavailable, "file.busy"}}, look...)
	return []Route{
		{
			Method: http.MethodPost, Path: "/uploads", For: Phone | PhoneStaff | Agency, Act: model.ActUpload, Status: http.StatusCreated,
			Summary: "上传一个文件（wx.uploadFile，每次一个；文本字段写在文件之前）", Limit: web.LimitUpload,
			// The form's own fields and boundaries come on top of the file; a file that
			// is too large is refused by name, not by a cut connection.
			MaxBody: model.MaxFileBytes + 64<<10, Timeout: 90 * time.Second, Do: do(s.uploadFile),
			Reasons: append([]Reason{
				{model.NotFound, "case.not_found"},
				{model.Invalid, "upload.interrupted"},
				{model.Invalid, "upload.checksum"},
				{model.Invalid, "upload.key_spent"},
				{model.Conflict, "upload.key_reused"},
				{model.TooMany, "upload.too_many"},
			}, fileReasons...),
		},
		{
			Method: http.MethodPost, Path: "/uploads/presigned", For: Phone, Act: model.ActReceiptSubmit,
			Status: http.StatusCreated, Summary: "申请直接上传到文件存储的表单", Limit: web.LimitUpload, Do: do(s.beginDirect),
			Reasons: []Reason{
				{model.Invalid, "upload.direct_off"},
				{model.NotFound, "case.not_found"},
				{model.Invalid, "file.too_large"},
				{model.Invalid, "file.type"},
				{model.Conflict, "upload.key_reused"},
				{model.TooMany, "upload.too_many"},
			},
		},
		{
			Method: http.MethodPost, Path: "/uploads/:id/complete", For: Phone, Act: model.ActReceiptSubmit,
			Summary: "直接上传完成后请求检查", Limit: web.LimitUpload, Timeout: 90 * time.Second, Do: do(s.completeDirect),
			Reasons: append([]Reason{
				{model.NotFound, "file.not_found"},
				{model.Conflict, "upload.missing"},
				{model.Conflict, "upload.key_spent"},
			}, fileReasons...),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/view", ID: "viewFile", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "查看（重新编码、不含位置信息的图片，或 PDF）",
			Produces: "image/jpeg, application/pdf", Reasons: picture, Do: do(s.openCopy(performance.VariantView)),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/thumbnail", ID: "readThumbnail", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "缩略图",
			Produces: "image/jpeg", Reasons: picture, Do: do(s.openCopy(performance.VariantThumb)),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/tiles/:n", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "查看长截图的一段（从上到下，从 1 数起）",
			Produces: "image/jpeg", Reasons: picture, Do: do(s.openTile),
		},
	}
}

type uploadForm struct {
	CaseID int64    `formData:"case_id" description:"案件编号；责任单位上传的材料不属于案件，不填"`
	Key    string   `formData:"upload_key" required:"true" description:"客户端生成的上传标识；重试时不变"`
	Size   int64    `formData:"size" minimum:"-1" default:"-1" description:"文件字节数，-1 表示不知道"`
	SHA256 string   `formData:"sha256" description:"文件的 SHA-256（十六进制）"`
	File   filePart `formData:"file" required:"true"`
}

type directRequest struct {
	CaseID    int64  `json:"case_id" required:"true"`
	Key       string `json:"upload_key" required:"true"`
	Size      int64  `json:"size" required:"true"`
	MediaType string `json:"media_type" required:"true"`
}

type directView struct {
	FileID    int64             `json:"file_id" required:"true"`
	URL       string            `json:"url" required:"true"`
	Form      map[string]string `json:"form" required:"true" description:"作为 formData 提交，文件字段名为 file 并放在最后"`
	ExpiresAt time.Time         `json:"expires_at" required:"true"`
}

type fileView struct {
	ID        int64  `json:"id" required:"true"`
	Name      string `json:"name" required:"true"`
	MediaType string `json:"media_type" required:"true"`
	Size      int64  `json:"size" required:"true"`
	SHA256    string `json:"sha256" required:"true"`
	Width     int    `json:"width" required:"true"`
	Height    int    `json:"height" required:"true"`
	Pages     int    `json:"pages" required:"true"`
	Tiles     int    `json:"tiles" required:"true" description:"长截图的分段数：按 /files/{id}/tiles/1…tiles 从上到下查看；0 表示用 /files/{id}/view 查看"`
	fileAddresses
}

func viewFile(f model.File) fileView {
	return fileView{
		ID: f.ID, Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, Width: f.Width, Height: f.Height, Pages: f.Pages, Tiles: f.Tiles(),
	}
}

// upload takes a file as wx.uploadFile sends it: the door has read the text
// fields, the file goes straight through.
func (s *API) uploadFile(ctx context.Context, by model.Actor, in uploadForm) (repeatable[fileView], error) {
	switch {
	case in.CaseID == 0 && by.AgencyID == 0:
		return repeatable[fileView]{}, model.InvalidField("case_id", "field.required", "缺少案件编号，文本字段应写在文件之前")
	case !validKey(in.Key):
		return repeatable[fileView]{}, errUploadKey
	}
	f, created, err := s.svc.Performance.Upload(ctx, by, performance.Upload{
		CaseID: in.CaseID, Key: in.Key, Name: in.File.Name, Size: in.Size, SHA256: in.SHA256, Body: in.File, Admit: s.cfg.AdmitUpload,
	})
	if err != nil {
		return repeatable[fileView]{}, err
	}
	return repeatable[fileView]{viewFile(*f), !created}, nil
}

var errUploadKey = model.InvalidField("upload_key", "field.required", "缺少上传标识，应为 8 到 64 位字母、数字或 -_")

func (s *API) beginDirect(ctx context.Context, by model.Actor, in directRequest) (directView, error) {
	if !validKey(in.Key) {
		return directView{}, errUploadKey
	}
	d, err := s.svc.Performance.BeginDirect(ctx, by, in.CaseID, in.Key, in.Size, in.MediaType)
	if err != nil {
		return directView{}, err
	}
	return directView{FileID: d.File.ID, URL: d.URL, Form: d.Form, ExpiresAt: d.ExpiresAt}, nil
}

func (s *API) completeDirect(ctx context.Context, by model.Actor, in idPath) (fileView, error) {
	f, err := s.svc.Performance.CompleteDirect(ctx, by, in.ID)
	if err != nil {
		return fileView{}, err
	}
	return viewFile(*f), nil
}

// fileCopy is a copy of a file, which is sent from the store in whole or in part.
type fileCopy struct {
	content   io.ReadSeekCloser
	file      model.File
	variant   performance.Variant
	mediaType string
}

func (f fileCopy) send(c *gin.Context, _ int) {
	defer func() { _ = f.content.Close() }() // read only
	web.File(c, f.content, f.file, string(f.variant), f.mediaType, f.variant == performance.VariantOriginal)
}

func (s *API) openCopy(v performance.Variant) func(context.Context, model.Actor, idPath) (fileCopy, error) {
	return func(ctx context.Context, by model.Actor, in idPath) (fileCopy, error) {
		o, f, mediaType, err := s.svc.Performance.OpenFile(ctx, by, in.ID, v)
		if err != nil {
			return fileCopy{}, err
		}
		return fileCopy{o, *f, v, mediaType}, nil
	}
}

type tilePath struct {
	ID int64 `path:"id" json:"-"`
	N  int   `path:"n" json:"-" description:"第几段，从 1 数起"`
}

// fileTile is one tile of a long screenshot.
type fileTile struct {
	io.ReadCloser
	size int64
	file model.File
	n    int
}

func (t fileTile) send(c *gin.Context, _ int) {
	defer func() { _ = t.Close() }() // read only
	web.Tile(c, t, t.size, t.file, int64(t.n))
}

func (s *API) openTile(ctx context.Context, by model.Actor, in tilePath) (fileTile, error) {
	tile, size, f, err := s.svc.Performance.OpenTile(ctx, by, in.ID, in.N)
	if err != nil {
		return fileTile{}, err
	}
	return fileTile{tile, size, *f, in.N}, nil
}
