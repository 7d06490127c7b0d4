package model

import "time"

// FileState is how far an uploaded file has come.
type FileState string

// The states of a file.
const (
	// FileQuarantine: a presigned form was handed out; the bytes, if any, are in
	// the quarantine and nobody has looked at them.
	FileQuarantine FileState = "quarantine"
	// FileStored: examined, the original and its viewing copies are in the
	// object store, not yet part of a receipt.
	FileStored FileState = "stored"
	// FileAttached: part of a receipt, for ever.
	FileAttached FileState = "attached"
	// FileExpired: never attached; the sweeper removed its objects. The row
	// stays, so that an upload key is never used twice.
	FileExpired FileState = "expired"
	// FileDamaged: the structure was sound but the picture cannot be decoded; it
	// cannot become part of a receipt and is swept like a file never attached.
	FileDamaged FileState = "damaged"
)

// Chinese is the state in words.
func (s FileState) Chinese() string {
	return map[FileState]string{
		FileQuarantine: "待检查", FileStored: "已保存，尚未使用", FileAttached: "已成为案件材料", FileExpired: "已清除", FileDamaged: "无法显示",
	}[s]
}

// File is one uploaded file (汇款回执 picture or PDF). The original bytes are
// evidence and never touched; people see the re-encoded copy.
type File struct {
	ID        int64
	CourtID   int64
	CaseID    int64 `gorm:"serializer:optional"` // 0 for what an agency uploaded
	AgencyID  int64 // the agency that uploaded it, 0 for a case's file
	UserID    int64
	UploadKey string // chosen by the phone, unique per user: a retry is the same upload
	State     FileState
	ReceiptID int64 // 0 until attached
	Seq       int   // 1–9 within the receipt

	OriginalKey string // object keys; random, never derived from user input
	ViewKey     string
	ThumbKey    string
	TilesKey    string // of a long screenshot: all of its tiles in one object

	Name      string // as the phone sent it, cleaned; for display only
	MediaType string // by magic bytes
	Size      int64  // bytes
	SHA256    string // hex, of the original bytes
	Width     int
	Height    int
	Pages     int // PDF

	// The fingerprint of the picture: four 16-bit bands of the 64-bit
	// perceptual hash are indexed, the detail decides.
	Band0, Band1, Band2, Band3 int32
	Fingerprint                []byte

	CreatedAt time.Time
	UpdatedAt time.Time
}

// MaxFileBytes is the most a single file may have: wx.uploadFile's practical
// ceiling.
const MaxFileBytes = 10 << 20

// MaxReceiptFiles is the most files one receipt may have.
const MaxReceiptFiles = 9

// A picture is shown in tiles when a view of the whole would be too small to
// read: a long screenshot (长截图), three times as tall as wide and more.
const (
	TileWidth  = 1440 // pixels at most
	TileHeight = 2000 // pixels of a tile, but for the last
	tallFrom   = 2560 // pixels: what is shorter is shown as it is
)

// TilesOf is the number of tiles of a picture with the given sides in pixels, 0
// when one view of it is enough.
func TilesOf(width, height int) int {
	if width <= 0 || height <= tallFrom || height < 3*width {
		return 0
	}
	shown := max(1, height*min(width, TileWidth)/width)
	return (shown + TileHeight - 1) / TileHeight
}

// Tiles is the number of tiles in which the file is shown, 0 when one view is
// enough.
func (f *File) Tiles() int { return TilesOf(f.Width, f.Height) }
