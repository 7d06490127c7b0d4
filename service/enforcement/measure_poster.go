package enforcement

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// PutUpPoster records that a listing was put up in a village, with a photograph. A
// repeat under the same key is the first poster.
func (s *Service) PutUpPoster(ctx context.Context, by model.Actor, id int64, where string, fileID int64, key string) (*model.Measure, error) {
	return s.changeMeasure(ctx, by, model.ActMeasurePropose, id, func(tx *storage.DB, p *lockedMeasure) error {
		at := strings.TrimSpace(where)
		mark := fmt.Sprintf("posted-by:%d:%s", by.UserID, key)
		if known, err := tx.KnownMeasureEntry(ctx, mark); err != nil || known {
			return err // also when the listing is over by now
		}
		exposed, err := exposureToday(ctx, tx, p.m)
		switch {
		case err != nil:
			return err
		case exposed != model.ExposureShown:
			return model.E(model.Conflict, "poster.state", "该失信信息"+exposed.Chinese()+"（信用修复），不能张榜")
		case p.m.Kind != model.MeasureListing || p.m.State != model.MeasureInForce:
			return model.E(model.Conflict, "poster.state", "只有已经公布的失信被执行人名单可以张榜")
		case at == "" || utf8.RuneCountInString(at) > 100:
			return model.InvalidField("place", "poster.place", "请填写张榜的地点，不超过 100 字")
		}
		e := model.MeasureEntry{CourtID: p.m.CourtID, CaseID: p.m.CaseID, MeasureID: p.m.ID, Kind: model.EntryPosted, Note: at, FileID: fileID, ByUserID: by.UserID, IdemKey: &mark}
		if created, err := tx.AddMeasureEntry(ctx, &e); err != nil || !created {
			return err
		}
		if err := keepFile(ctx, tx, by, p.m.CaseID, fileID); err != nil {
			return err
		}
		return auditMeasure(tx, by, p.m, model.AuditMeasurePost, nil)
	})
}

// addPosterDown records that a poster was taken down; the photograph is its proof.
func (s *Service) addPosterDown(ctx context.Context, tx *storage.DB, by model.Actor, posterID int64, note string, fileID int64) error {
	poster, err := tx.MeasureEntry(ctx, posterID)
	if err != nil {
		return err
	}
	mark := fmt.Sprintf("down:%d", posterID)
	_, err = tx.AddMeasureEntry(ctx, &model.MeasureEntry{
		CourtID: poster.CourtID, CaseID: poster.CaseID, MeasureID: poster.MeasureID, Kind: model.EntryTakenDown, Note: model.PosterMark(posterID) + poster.Note + "　" + note,
		FileID: fileID, ByUserID: by.UserID, IdemKey: &mark,
	})
	return err
}
