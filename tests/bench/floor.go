// Shakes hands with every endpoint that standard input names, and says how long all of them took.
//
// A line for each: its name, and its address with the port. Every chain and name is verified, and
// no session is resumed.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

const atOnce = 16

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	lines := make(chan string, 10000)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		lines <- in.Text()
	}
	close(lines)
	began := time.Now()
	var working sync.WaitGroup
	for at := 0; at < atOnce; at++ {
		working.Add(1)
		go func() {
			defer working.Done()
			for line := range lines {
				name, address, _ := strings.Cut(line, " ")
				if err := shake(name, address, roots); err != nil {
					fail(err)
				}
			}
		}()
	}
	working.Wait()
	fmt.Println(time.Since(began).Seconds())
}

func shake(name string, address string, roots *x509.CertPool) error {
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	settings := &tls.Config{ServerName: name, RootCAs: roots, SessionTicketsDisabled: true}
	connection, err := tls.DialWithDialer(dialer, "tcp", address, settings)
	if err != nil {
		return fmt.Errorf("%s at %s: %w", name, address, err)
	}
	return connection.Close()
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
