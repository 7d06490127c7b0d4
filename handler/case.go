package handler

func (s *server) caseRoutes() []route { return nil }
