package handler

func (s *server) verifyRoutes() []route { return nil }
