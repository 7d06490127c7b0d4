package handler

func (s *server) sessionRoutes() []route { return nil }
