package handler

import "github.com/gin-gonic/gin"

// publicPages adds the pages that anyone may open in a browser.
func (s *server) publicPages(*gin.Engine) {}
