import groovy.json.JsonSlurper

def log = new File(basedir, 'build.log').text
def target = new File(basedir, 'target')
def json = { String name -> new JsonSlurper().parse(new File(target, name)) }
def chosen = ['config', 'headers', 'http', 'logger', 'server']

// list: those that are not chosen as well, with what they read and are drivers of
assert log =~ /(?m)^boltdb +A driver of kv and jobs/
assert log =~ /(?m)^ +sections: http\.gzip$/
assert log =~ /(?m)^ +a driver of jobs, kv$/

// graph
def graph = json('graph.json')
assert graph.plugins*.id.sort() == chosen
assert graph.arrows.any { it.from == 'headers' && it.to == 'http' && it.contract == 'dev.rr.api.http.Middleware' }

// explain: everything by size, and one jar
assert log =~ /kB  io\.netty:netty-common:\S+  for dev\.rr:rr-plugin-http:/
assert log =~ /kB of jars in all, before they are packed/
assert log =~ /(?s)io\.netty:netty-codec-http:.*rr-plugin-http/

// schema: of what is chosen, and what is not is said to be missing
def schema = json('schema.json').properties
assert schema.http.properties.headers.properties.cors
assert schema.grpc.description.contains('not in this binary')

// sbom: every jar that explain names, and the same bytes a second time
def bill = json('rr.cdx.json')
assert bill.bomFormat == 'CycloneDX'
assert bill.components.any { it.purl?.startsWith('pkg:maven/io.netty/netty-common@') && it.hashes && it.licenses }
assert json('rr.spdx.json').packages.any { it.name.contains('netty-common') }
['rr.cdx.json', 'rr.spdx.json'].each {
  assert new File(target, "again/$it").bytes == new File(target, it).bytes
}

// doctor finds nothing, and the build without a network gave the same file
assert !log.contains('does not fit the selection')
assert new File(target, 'again/rr').bytes == new File(target, 'rr').bytes
