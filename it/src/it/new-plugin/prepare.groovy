// A copy of the files that bin/new-plugin reads and writes, and the plugins it makes there.
def script = '''
set -eu
mkdir copy
(cd "$1" && tar c pom.xml README.md rr-plugins/pom.xml rr-plugins/lib/pom.xml rr-plugins/lib/catalogue/pom.xml \\
  bin/new-plugin bin/plugin-template docs/sample/worker.php) | tar x -C copy
# What Error Prone needs of a Maven that runs on the JDK of the project.
cp -r "$1/.mvn" .
copy/bin/new-plugin do
for kind in command driver host middleware page rpc worker; do
  copy/bin/new-plugin new-$kind --kind $kind
done
for plugin in greet:command heap:driver kv:host lines:worker page:page teapot:middleware; do
  copy/bin/new-plugin ${plugin%:*} --kind ${plugin#*:} --standalone alone --group com.acme
done
# The same as those in the tree, where they run.
for plugin in greet heap kv lines page; do
  rm -r alone/$plugin/src/test
done
'''
def top = new File(basedir, '../../../..').canonicalPath
def process = ['bash', '-c', script, 'prepare', top].execute((List) null, basedir)
def said = new StringBuffer()
process.waitForProcessOutput(said, said)
assert process.exitValue() == 0: said

// Every kind there is.
def kinds = new File(basedir, 'copy/bin/plugin-template').list({ dir, name -> !name.contains('.') } as FilenameFilter) as Set
assert kinds.every { it == 'plain' || new File(basedir, "copy/rr-plugins/new-$it").isDirectory() }
