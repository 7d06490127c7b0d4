package performance

import (
	"bytes"
	"context"
	"io"

	"microcourt/model"
)

// CatchUp is one poll for views that are to be made.
func (s *Service) CatchUp(ctx context.Context) { s.catchUp(ctx) }

// SetExaminer gives the service another examiner of files.
func SetExaminer(s *Service, e examiner) { s.files = e }

// ExamineUpload does with the bytes what is done with an upload that is spooled.
func ExamineUpload(ctx context.Context, s *Service, b []byte) error {
	sp, err := s.spooled(io.NopCloser(bytes.NewReader(b)))
	if err != nil {
		return err
	}
	defer sp.close()
	return s.examineAndPut(ctx, sp, &model.File{OriginalKey: "originals/upload"})
}
