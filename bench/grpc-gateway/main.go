// grpc-gateway before the user service, as its documentation has it: the default marshaler, plain text, net/http's
// server. It listens on a port of its own choice and tells it on standard output.
//
// It has less to do for a request than our gateway, which gives each an id, a line in the log, headers for browsers
// and an ETag where the user has one, counts, limits and balances, caps deadlines, and knows the routes of two more
// services. It has more to do in one thing: its JSON names the fields that are empty too.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	userv1 "artisan.example/bench/grpc-gateway/artisan/user/v1"
)

func main() {
	upstream := flag.String("upstream", "", "host and port of the user service")
	flag.Parse()
	if err := serve(*upstream); err != nil {
		log.Fatal(err)
	}
}

func serve(upstream string) error {
	mux := runtime.NewServeMux()
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	err := userv1.RegisterUserServiceHandlerFromEndpoint(context.Background(), mux, upstream, options)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return http.Serve(listener, mux)
}
