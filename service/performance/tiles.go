package performance

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"microcourt/model"
	"microcourt/storage/object"
)

// The tiles of a long screenshot are one object: their number and lengths, four
// bytes each, and then the tiles. So the sweeper knows them by one key.

func tilesHead(lengths []int) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(lengths)))
	for _, n := range lengths {
		b = binary.BigEndian.AppendUint32(b, uint32(n))
	}
	return b
}

// seekTile goes to the n-th tile, counted from 1, and gives its length.
func seekTile(o object.Object, n int) (int64, error) {
	var head [4]byte
	if _, err := io.ReadFull(o, head[:]); err != nil {
		return 0, err
	}
	count := int(binary.BigEndian.Uint32(head[:]))
	if n < 1 || n > count || count > 1000 {
		return 0, errFileNotFound
	}
	lengths := make([]byte, 4*count)
	if _, err := io.ReadFull(o, lengths); err != nil {
		return 0, err
	}
	at := int64(4 + 4*count)
	for i := range n - 1 {
		at += int64(binary.BigEndian.Uint32(lengths[4*i:]))
	}
	_, err := o.Seek(at, io.SeekStart)
	return int64(binary.BigEndian.Uint32(lengths[4*(n-1):])), err
}

// OpenTile opens one tile of a long screenshot, a JPEG of size bytes, counted
// from 1 at the top, for whoever may see the file. The look at the first one is
// recorded: the others are the same look.
func (s *Service) OpenTile(ctx context.Context, by model.Actor, id int64, n int) (tile io.ReadCloser, size int64, f *model.File, err error) {
	if f, err = s.lookAt(ctx, by, id); err != nil {
		return nil, 0, nil, err
	}
	if n < 1 || n > f.Tiles() {
		return nil, 0, nil, errFileNotFound
	}
	if err := s.ensureViews(ctx, f); err != nil {
		return nil, 0, nil, err
	}
	o, _, err := s.cfg.Objects.Open(ctx, f.TilesKey)
	if errors.Is(err, object.ErrNotExist) {
		return nil, 0, nil, errFileNotFound.WithCause(fmt.Errorf("object %s is gone", f.TilesKey))
	}
	if err != nil {
		return nil, 0, nil, storeError(err)
	}
	size, err = seekTile(o, n)
	if err == nil && n == 1 {
		err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActFileRead), model.AuditEvent{
			CourtID: f.CourtID, Action: model.AuditFileLook, CaseID: f.CaseID, Subject: model.ThingFile.Of(id), Detail: "tiles",
		})
	}
	if err != nil {
		return nil, 0, nil, errors.Join(storeError(err), o.Close())
	}
	return struct {
		io.Reader
		io.Closer
	}{io.LimitReader(o, size), o}, size, f, nil
}
