package storage

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// SetFollowing records that somebody follows the service account, or does not any
// more. An event that is older than what is known changes nothing.
func (db *DB) SetFollowing(ctx context.Context, openID string, follows bool, at time.Time) error {
	now := db.Now()
	f := model.Follower{OpenID: openID, Follows: follows, At: at, UpdatedAt: now}
	if follows {
		f.AskAt = &now
	}
	if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&f).Error; err != nil {
		return translate(err, "follower")
	}
	return translate(db.q(ctx).Model(&model.Follower{}).Where("open_id = ? AND at < ?", openID, at).
		Select("follows", "at", "ask_at", "updated_at").Updates(f).Error, "follower")
}

// FollowersToAsk lists followers of whom WeChat is to be asked who they are.
func (db *DB) FollowersToAsk(ctx context.Context, n int) ([]string, error) {
	var out []string
	err := db.q(ctx).Model(&model.Follower{}).Where("ask_at <= ?", db.Now()).Order("ask_at").Limit(n).Pluck("open_id", &out).Error
	return out, translate(err, "follower")
}

// SetFollower records what WeChat answered; askAt is when it is to be asked
// again, nil for never.
func (db *DB) SetFollower(ctx context.Context, openID, unionID string, follows bool, askAt *time.Time) error {
	f := model.Follower{UnionID: unionID, Follows: follows, AskAt: askAt, UpdatedAt: db.Now()}
	return translate(db.q(ctx).Model(&model.Follower{}).Where("open_id = ?", openID).
		Select("union_id", "follows", "ask_at", "updated_at").Updates(f).Error, "follower")
}

// followersOf are the openids in the service account of those users who follow
// it.
func (db *DB) followersOf(ctx context.Context, users []int64) (map[int64]string, error) {
	var rows []struct {
		UserID int64
		OpenID string
	}
	err := db.q(ctx).Table("wechat_identities i").Select("i.user_id, f.open_id").
		Joins("JOIN followers f ON f.union_id = i.union_id").
		Where("i.user_id IN ? AND i.union_id <> '' AND f.follows = ?", users, true).Scan(&rows).Error
	out := make(map[int64]string, len(rows))
	for _, r := range rows {
		out[r.UserID] = r.OpenID
	}
	return out, translate(err, "follower")
}
