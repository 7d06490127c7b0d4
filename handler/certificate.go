package handler

func (s *server) certificateRoutes() []route { return nil }
