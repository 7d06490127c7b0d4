package performance

import "context"

// CatchUp is one poll for views that are to be made.
func (s *Service) CatchUp(ctx context.Context) { s.catchUp(ctx) }
