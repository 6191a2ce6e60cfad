@echo off
rem Starts the server on port 8001; builds it first if necessary. Arguments are passed to the server, e.g.
rem   start_ml_server.bat --server.port=8002
rem The environment may give MODELSERVER_HEAP (512m), JAVA_OPTS and every setting of config\application.yml (SERVER_PORT).
rem No delayed expansion here: it would eat the exclamation marks of paths and arguments.
setlocal EnableExtensions DisableDelayedExpansion
cd /d "%~dp0"

if "%~1"=="--help" goto help
if "%~1"=="-h" goto help

rem The newest Java, and the newest that can compile as well.
set "BEST="
set "BEST_MAJOR=20"
set "BEST_JDK="
set "BEST_JDK_MAJOR=20"
if defined JAVA_HOME call :consider "%JAVA_HOME:"=%"
for %%J in (java.exe) do if not "%%~$PATH:J"=="" call :consider "%%~dp$PATH:J.."
for %%R in ("Java" "Eclipse Adoptium" "Microsoft" "Amazon Corretto" "Zulu" "BellSoft") do call :search "%ProgramFiles%\%%~R"
call :search "%LOCALAPPDATA%\Programs\Eclipse Adoptium"
for %%R in (".jdks" ".gradle\jdks" ".m2\jdks" "scoop\apps") do call :search "%USERPROFILE%\%%~R"
if not defined BEST (
  echo No Java 21 or newer was found. Install one, for example: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  exit /b 1
)
set "JAVA_HOME=%BEST%"

rem A release archive has the jar beside this script; a clone builds it, again when a source is newer.
set "JAR=ml-model-server.jar"
if exist "%JAR%" goto start
set "JAR=target\ml-model-server.jar"
if not exist "%JAR%" goto build
set "NEWER=Get-ChildItem pom.xml, src\main, config\examples -Recurse -File | Where-Object LastWriteTime -gt $built"
powershell -NoProfile -Command "$built = (Get-Item '%JAR%').LastWriteTime; if (%NEWER%) { exit 3 }"
if %ERRORLEVEL% equ 3 goto build
goto start

:build
if not defined BEST_JDK (
  echo Building needs a JDK 21 or newer, not a Java runtime alone: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  exit /b 1
)
echo Building (once; the first time, Maven downloads the server's dependencies) ...
set "JAVA_HOME=%BEST_JDK%"
call .\mvnw.cmd -q -DskipTests package
if errorlevel 1 exit /b 1
set "JAVA_HOME=%BEST%"

:start
set "PORT=8001"
if defined SERVER_PORT set "PORT=%SERVER_PORT%"
set "SCHEME=http"
if defined SERVER_SSL_BUNDLE set "SCHEME=https"
call :find_port %*
rem ONNX Runtime sends no telemetry.
set "ORT_DISABLE_TELEMETRY=1"
set "HEAP="
if defined MODELSERVER_HEAP set "HEAP=-Xmx%MODELSERVER_HEAP%"
if not exist data mkdir data

echo ==================================================
echo   ML Model Server
echo ==================================================
echo   URL:      %SCHEME%://localhost:%PORT%
echo   Docs:     %SCHEME%://localhost:%PORT%/docs
echo   ReDoc:    %SCHEME%://localhost:%PORT%/redoc
echo   Health:   %SCHEME%://localhost:%PORT%/health
echo   Predict:  %SCHEME%://localhost:%PORT%/predict (POST)
echo   Java:     "%JAVA_HOME%"
echo   Stop:     Ctrl+C
echo ==================================================

"%JAVA_HOME%\bin\java" @config\jvm.options %HEAP% %JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

:help
echo Starts the server on port 8001; builds it first if necessary. Arguments are passed to the server, e.g.
echo   start_ml_server.bat --server.port=8002
echo The environment may give MODELSERVER_HEAP (512m), JAVA_OPTS and every setting of config\application.yml (SERVER_PORT).
exit /b 0

rem Considers the homes within the folder %1; scoop has one more folder, named current.
:search
if not exist "%~1" exit /b 0
for /f "delims=" %%D in ('dir /b /ad "%~1" 2^>nul') do (
  call :consider "%~1\%%D"
  call :consider "%~1\%%D\current"
)
exit /b 0

rem Keeps the home in %1 if it is a Java newer than the best one so far.
:consider
if not exist "%~1\bin\java.exe" exit /b 0
set "MAJOR="
if exist "%~1\release" for /f "usebackq tokens=1,2 delims==" %%K in ("%~1\release") do if "%%K"=="JAVA_VERSION" set "MAJOR=%%~L"
if not defined MAJOR for /f "tokens=3" %%V in ('""%~1\bin\java.exe" -version 2^>^&1 ^| findstr /i version"') do set "MAJOR=%%~V"
if not defined MAJOR exit /b 0
for /f "tokens=1 delims=.-+" %%M in ("%MAJOR%") do set "MAJOR=%%M"
if %MAJOR% gtr %BEST_MAJOR% (
  set "BEST=%~f1"
  set "BEST_MAJOR=%MAJOR%"
)
if exist "%~1\bin\javac.exe" if %MAJOR% gtr %BEST_JDK_MAJOR% (
  set "BEST_JDK=%~f1"
  set "BEST_JDK_MAJOR=%MAJOR%"
)
exit /b 0

rem Sets PORT from --server.port=N, and SCHEME where TLS is on. An unquoted = parts arguments, so N may come as the next one.
:find_port
if "%~1"=="" exit /b 0
set "ARG=%~1"
if "%ARG%"=="--server.port" set "PORT=%~2"
if "%ARG:~0,14%"=="--server.port=" set "PORT=%ARG:~14%"
if "%ARG:~0,19%"=="--server.ssl.bundle" set "SCHEME=https"
shift /1
goto find_port
