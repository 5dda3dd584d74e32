// A copy of the files that bin/new-plugin reads and writes, and the plugins it makes there.
def script = '''
set -eu
mkdir copy
(cd "$1" && tar c pom.xml README.md rr-plugins/pom.xml rr-plugins/lib/pom.xml rr-plugins/lib/catalogue/pom.xml \\
  bin/new-plugin bin/plugin-template) | tar x -C copy
copy/bin/new-plugin do
for kind in command middleware rpc; do
  copy/bin/new-plugin new-$kind --kind $kind
done
copy/bin/new-plugin teapot --kind middleware --standalone alone --group com.acme
'''
def top = new File(basedir, '../../../..').canonicalPath
def process = ['bash', '-c', script, 'prepare', top].execute((List) null, basedir)
def said = new StringBuffer()
process.waitForProcessOutput(said, said)
assert process.exitValue() == 0: said
