package model

import "time"

// JobRun is how something that the program does again and again went the last
// time, in whichever process it ran.
type JobRun struct {
	Name      string `gorm:"primaryKey"`
	StartedAt time.Time
	EndedAt   time.Time
	NextAt    time.Time
	// Failures is how often it failed in a row, Problem what is said about the last
	// failure, "" when the last run went well.
	Failures    int64
	Problem     string
	SucceededAt *time.Time
}

// Failed tells whether the last run failed.
func (r JobRun) Failed() bool { return r.Failures > 0 }

// ChannelCount is how many outside messages of a time had one outcome.
type ChannelCount struct {
	Channel ChannelName
	State   OutboxState
	N       int64
}
