package handler

func (s *server) noticeRoutes() []route { return nil }
