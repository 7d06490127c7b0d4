package api

import (
	"bufio"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"sync"
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
		{model.NotFound, "path.not_found"},
		{model.Unavailable, "files.unavailable"},
	}
	picture := append([]Reason{{model.Invalid, "file.damaged"}, {model.Unavailable, "file.busy"}}, look...)
	return []Route{
		{
			Method: http.MethodPost, Path: "/uploads", For: Phone | PhoneStaff | Agency, Act: model.ActUpload, Input: uploadForm{}, Output: fileView{}, Status: http.StatusCreated, Repeats: true,
			Summary: "上传一个文件（wx.uploadFile，每次一个；文本字段写在文件之前）", Limit: web.LimitUpload,
			// The form's own fields and boundaries come on top of the file; a file that
			// is too large is refused by name, not by a cut connection.
			MaxBody: model.MaxFileBytes + 64<<10, Timeout: 90 * time.Second, Handle: s.upload,
			Reasons: append([]Reason{
				{model.NotFound, "case.not_found"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "upload.interrupted"},
				{model.Invalid, "upload.checksum"},
				{model.Invalid, "upload.key_spent"},
				{model.Conflict, "upload.key_reused"},
				{model.TooMany, "upload.too_many"},
			}, fileReasons...),
		},
		{
			Method: http.MethodPost, Path: "/uploads/presigned", For: Phone, Act: model.ActReceiptSubmit, Input: directRequest{}, Output: directView{},
			Status: http.StatusCreated, Summary: "申请直接上传到文件存储的表单", Limit: web.LimitUpload, Handle: s.beginDirect,
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
			Method: http.MethodPost, Path: "/uploads/:id/complete", For: Phone, Act: model.ActReceiptSubmit, Input: filePath{}, Output: fileView{},
			Summary: "直接上传完成后请求检查", Limit: web.LimitUpload, Timeout: 90 * time.Second, Handle: s.completeDirect,
			Reasons: append([]Reason{
				{model.NotFound, "file.not_found"},
				{model.NotFound, "path.not_found"},
				{model.Conflict, "upload.missing"},
				{model.Conflict, "upload.key_spent"},
			}, fileReasons...),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/view", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "查看（重新编码、不含位置信息的图片，或 PDF）",
			Input: filePath{}, Produces: "image/jpeg", Reasons: picture, Handle: s.fileCopy(performance.VariantView),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/thumbnail", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "缩略图", Input: filePath{},
			Produces: "image/jpeg", Reasons: picture, Handle: s.fileCopy(performance.VariantThumb),
		},
		{
			Method: http.MethodGet, Path: "/files/:id/tiles/:n", For: Phone | PhoneStaff, Act: model.ActFileRead, Summary: "查看长截图的一段（从上到下，从 1 数起）", Input: tilePath{},
			Produces: "image/jpeg", Reasons: picture, Handle: s.fileTile,
		},
		{
			Method: http.MethodGet, Path: "/files/:id/original", Act: model.ActFileRead, Summary: "下载原始文件（仅法院工作人员，留痕）",
			Input: filePath{}, Produces: "application/octet-stream", Reasons: look, Handle: s.fileCopy(performance.VariantOriginal),
		},
	}
}

type uploadForm struct {
	CaseID int64          `formData:"case_id" description:"案件编号；责任单位上传的材料不属于案件，不填"`
	Key    string         `formData:"upload_key" required:"true" description:"客户端生成的上传标识；重试时不变"`
	Size   int64          `formData:"size" description:"文件字节数"`
	SHA256 string         `formData:"sha256" description:"文件的 SHA-256（十六进制）"`
	File   multipart.File `formData:"file" required:"true"`
}

type filePath struct {
	ID int64 `path:"id" json:"-"`
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
}

func viewFile(f model.File) fileView {
	return fileView{
		ID: f.ID, Name: f.Name, MediaType: f.MediaType, Size: f.Size, SHA256: f.SHA256, Width: f.Width, Height: f.Height, Pages: f.Pages, Tiles: f.Tiles(),
	}
}

var formReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 16<<10) }}

// upload reads the form part by part: text fields first, as wx.uploadFile
// writes them, then the file, straight through.
func (s *API) upload(c *gin.Context) error {
	// mime/multipart asks for 4 KB at a time; the socket is asked for more.
	br := formReaders.Get().(*bufio.Reader) //nolint:forcetypeassert // only readers are put in
	br.Reset(c.Request.Body)
	defer func() {
		br.Reset(nil)
		formReaders.Put(br)
	}()
	c.Request.Body = struct {
		io.Reader
		io.Closer
	}{br, c.Request.Body}
	mr, err := c.Request.MultipartReader()
	if err != nil {
		return model.E(model.Invalid, "body.malformed", "请求应为 multipart/form-data 表单").WithCause(err)
	}
	u, seen := performance.Upload{Size: -1}, map[string]bool{}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return model.InvalidField("file", "file.missing", "表单中没有文件，或文本字段写在了文件之后")
		}
		if err != nil {
			return web.BodyError(err)
		}
		if part.FileName() == "" && part.FormName() != "file" {
			if seen[part.FormName()] {
				return model.InvalidField(part.FormName(), "field.repeated", "参数“"+part.FormName()+"”只能填写一次")
			}
			seen[part.FormName()] = true
			if err := formField(&u, part); err != nil {
				return err
			}
			continue
		}
		switch {
		case u.CaseID == 0 && web.Actor(c).AgencyID == 0:
			return model.InvalidField("case_id", "field.required", "缺少案件编号，文本字段应写在文件之前")
		case !validKey(u.Key):
			return model.InvalidField("upload_key", "field.required", "缺少上传标识，应为 8 到 64 位字母、数字或 -_")
		}
		u.Name, u.Body = part.FileName(), part
		u.Admit = func(caseID int64) error { return s.cfg.AdmitUpload(c, caseID) }
		f, created, err := s.svc.Performance.Upload(c.Request.Context(), web.Actor(c), u)
		if err != nil {
			return err
		}
		status := http.StatusCreated
		if !created {
			status = http.StatusOK
		}
		c.JSON(status, viewFile(*f))
		return nil
	}
}

func formField(u *performance.Upload, part *multipart.Part) error {
	b, err := io.ReadAll(io.LimitReader(part, 1024))
	if err != nil {
		return web.BodyError(err)
	}
	v := string(b)
	switch part.FormName() {
	case "case_id":
		u.CaseID, err = strconv.ParseInt(v, 10, 64)
	case "upload_key":
		u.Key = v
	case "size":
		u.Size, err = strconv.ParseInt(v, 10, 64)
	case "sha256":
		u.SHA256 = v
	}
	if err != nil || u.Size < -1 {
		return model.InvalidField(part.FormName(), "field.format", "字段应为数字")
	}
	return nil
}

func (s *API) beginDirect(c *gin.Context) error {
	var req directRequest
	if err := bind(c, &req); err != nil {
		return err
	}
	if !validKey(req.Key) {
		return model.InvalidField("upload_key", "field.required", "缺少上传标识，应为 8 到 64 位字母、数字或 -_")
	}
	d, err := s.svc.Performance.BeginDirect(c.Request.Context(), web.Actor(c), req.CaseID, req.Key, req.Size, req.MediaType)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, directView{FileID: d.File.ID, URL: d.URL, Form: d.Form, ExpiresAt: d.ExpiresAt})
	return nil
}

func (s *API) completeDirect(c *gin.Context) error {
	fileID, err := id(c, "id")
	if err != nil {
		return err
	}
	f, err := s.svc.Performance.CompleteDirect(c.Request.Context(), web.Actor(c), fileID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewFile(*f))
	return nil
}

func (s *API) fileCopy(v performance.Variant) func(*gin.Context) error {
	return func(c *gin.Context) error {
		fileID, err := id(c, "id")
		if err != nil {
			return err
		}
		o, f, mediaType, err := s.svc.Performance.OpenFile(c.Request.Context(), web.Actor(c), fileID, v)
		if err != nil {
			return err
		}
		defer func() { _ = o.Close() }() // read only
		web.File(c, o, *f, string(v), mediaType, v == performance.VariantOriginal)
		return nil
	}
}

type tilePath struct {
	ID int64 `path:"id" json:"-"`
	N  int   `path:"n" json:"-" description:"第几段，从 1 数起"`
}

func (s *API) fileTile(c *gin.Context) error {
	fileID, err := id(c, "id")
	if err != nil {
		return err
	}
	n, err := id(c, "n")
	if err != nil {
		return err
	}
	tile, size, f, err := s.svc.Performance.OpenTile(c.Request.Context(), web.Actor(c), fileID, int(min(n, 1<<20)))
	if err != nil {
		return err
	}
	defer func() { _ = tile.Close() }() // read only
	web.Tile(c, tile, size, *f, n)
	return nil
}
