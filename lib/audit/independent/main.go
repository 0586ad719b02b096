// Reads an export of the audit log with other people's code: golang.org/x/mod's sumdb/tlog computes the roots, sumdb/note
// opens the checkpoints. It shares nothing with the TypeScript verifier but the format (docs/audit.md).
//
//	go run main.go verify EXPORT VERIFIERKEY   every checkpoint of an export of the whole log
//	go run main.go prove PROOF VERIFIERKEY     a tlog-proof; the record's bytes come on standard input
//	go run main.go roots N                     a root a line, of 0 to N records "record 0", "record 1" ...
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type line struct {
	Type string
	Seq  int64
	From int64
	Leaf []byte
	Body []byte
	Note string
}

var stored []tlog.Hash

func main() {
	if len(os.Args) < 3 {
		fail("usage: verify EXPORT KEY | prove PROOF KEY | roots N")
	}
	switch os.Args[1] {
	case "verify":
		verify(os.Args[2], os.Args[3])
	case "prove":
		prove(os.Args[2], os.Args[3])
	case "roots":
		roots(os.Args[2])
	}
}

func fail(format string, values ...interface{}) {
	fmt.Printf(format+"\n", values...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fail("%v", err)
	}
}

func read(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = stored[index]
	}
	return hashes, nil
}

func add(seq int64, body []byte) tlog.Hash {
	hashes, err := tlog.StoredHashes(seq, body, tlog.HashReaderFunc(read))
	check(err)
	stored = append(stored, hashes...)
	return hashes[0]
}

func root(size int64) tlog.Hash {
	hash, err := tlog.TreeHash(size, tlog.HashReaderFunc(read))
	check(err)
	return hash
}

func open(text string, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	check(err)
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		fail("this is no checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	hash, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: hash}
}

func verify(file string, key string) {
	export, err := os.Open(file)
	check(err)
	reader := bufio.NewReaderSize(export, 1<<20)
	seq, checkpoints := int64(0), 0
	for {
		text, err := reader.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		check(err)
		var given line
		check(json.Unmarshal(text, &given))
		switch given.Type {
		case "attest-audit-export":
			if given.From != 0 {
				fail("this reads exports from record 0 on")
			}
		case "record":
			if hash := add(seq, given.Body); given.Seq != seq || !bytes.Equal(hash[:], given.Leaf) {
				fail("record %d is not record %d with that leaf", given.Seq, seq)
			}
			seq++
		case "checkpoint":
			tree := open(given.Note, key)
			if tree.N != seq || root(seq) != tree.Hash {
				fail("the checkpoint of %d records is of others", tree.N)
			}
			checkpoints++
		}
	}
	fmt.Printf("%d records, %d checkpoints\n", seq, checkpoints)
}

func prove(file string, key string) {
	text, err := os.ReadFile(file)
	check(err)
	body, err := io.ReadAll(os.Stdin)
	check(err)
	parts := strings.SplitN(string(text), "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	var index int64
	_, err = fmt.Sscanf(lines[1], "index %d", &index)
	check(err)
	var proof tlog.RecordProof
	for _, encoded := range lines[2:] {
		hash, err := tlog.ParseHash(encoded)
		check(err)
		proof = append(proof, hash)
	}
	tree := open(parts[1], key)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(body)))
	fmt.Printf("record %d is in the log of %d\n", index, tree.N)
}

func roots(text string) {
	last, err := strconv.ParseInt(text, 10, 64)
	check(err)
	for size := int64(0); size <= last; size++ {
		if size > 0 {
			fmt.Println(root(size))
		}
		add(size, []byte(fmt.Sprintf("record %d", size)))
	}
}
