package handler

func (s *server) uploadRoutes() []route { return nil }
