# Builds rr and the application's image where nothing is but Docker (23 or newer, or BuildKit). The folder has the application
# with its .rr.yaml, and rr-build.yaml, which says the plugins: preset: web. rr comes from a checkout, as it is not published yet:
#   docker build -f build.Dockerfile --build-context source=/path/to/rr -t app . && docker run -p 8080:8080 app
# http.address has to be :8080 in a container. Nobody has run this file so far: where rr is written there is no Docker.
FROM maven:3.9-eclipse-temurin-25 AS tool
WORKDIR /source
COPY --from=source . .
RUN mvn -q -B install -pl '!it' -Dmaven.test.skip=true -Drr.errorprone=-XDquick

FROM tool AS build
WORKDIR /build
COPY rr-build.yaml .
# A folder with the file and a Java of the modules that it uses.
RUN mvn -q -B dev.rr:rr-maven-plugin:0.1.0-SNAPSHOT:runtime -Drr.output=/build/rr -Drr.runtime=/build/runtime

FROM php:8.4-cli
RUN docker-php-ext-install sockets opcache && echo opcache.enable_cli=1 > "$PHP_INI_DIR/conf.d/rr.ini"
COPY --from=build /build/runtime /opt/rr
WORKDIR /app
COPY . .
USER www-data
EXPOSE 8080
ENTRYPOINT ["/opt/rr/rr"]
CMD ["serve"]
