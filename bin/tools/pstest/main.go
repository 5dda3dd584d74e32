// Google's fake of Pub/Sub, which keeps everything in memory, as a program: pstest ADDRESS [FIRST].
// FIRST is the number of its first message: numbers are what clients hold messages by, and the fake
// begins at 0, so one that takes the place of another must begin behind it.
package main

import (
	"fmt"
	"os"
	"strconv"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	server := pstest.NewServerWithAddress(os.Args[1])
	if len(os.Args) > 2 {
		first, err := strconv.Atoi(os.Args[2])
		if err != nil {
			panic(err)
		}
		for i := 0; i < first; i++ {
			server.Publish("projects/rr/topics/behind", nil, nil)
		}
	}
	fmt.Println("ready")
	select {}
}
