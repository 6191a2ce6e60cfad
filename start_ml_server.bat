@echo off
rem Starts the server on port 8001; builds it first where that has not been done. Arguments go to the server, e.g.
rem   start_ml_server.bat --server.port=8002
rem The environment may give MODELSERVER_HEAP (512m), JAVA_OPTS and every setting of config\application.yml (SERVER_PORT).
setlocal EnableExtensions EnableDelayedExpansion
cd /d "%~dp0"

set "BEST="
set "BEST_MAJOR=20"
if defined JAVA_HOME call :consider "%JAVA_HOME%"
for /f "delims=" %%J in ('where java 2^>nul') do call :consider "%%~dpJ.."
for %%R in ("%ProgramFiles%\Java" "%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\Zulu" "%ProgramFiles%\BellSoft" "%USERPROFILE%\.jdks" "%USERPROFILE%\scoop\apps") do (
  if exist "%%~R" for /d %%D in ("%%~R\*") do (
    call :consider "%%~D"
    call :consider "%%~D\current"
  )
)
if not defined BEST (
  echo No Java 21 or newer was found. Install one, for example: winget install EclipseAdoptium.Temurin.25.JDK 1>&2
  exit /b 1
)
set "JAVA_HOME=%BEST%"

set "JAR=ml-model-server.jar"
if not exist "%JAR%" (
  set "JAR=target\ml-model-server.jar"
  if not exist "!JAR!" (
    echo Building ^(once; the first time, Maven downloads what the server is made of^) ...
    call mvnw.cmd -q -DskipTests package || exit /b 1
  )
)

set "PORT=8001"
if defined SERVER_PORT set "PORT=%SERVER_PORT%"
set "REST=%*"
if defined REST if not "!REST:--server.port=!"=="!REST!" (
  set "TAIL=!REST:*--server.port=!"
  for /f "tokens=1" %%P in ("!TAIL!") do set "PORT=%%P"
)
if not defined MODELSERVER_HEAP set "MODELSERVER_HEAP=512m"
if not exist data mkdir data

echo ==================================================
echo   ML Model Server
echo ==================================================
echo   URL:      http://localhost:%PORT%
echo   Docs:     http://localhost:%PORT%/docs
echo   Health:   http://localhost:%PORT%/health
echo   Predict:  http://localhost:%PORT%/predict (POST)
echo   Java:     %JAVA_HOME%
echo   Stop:     Ctrl+C
echo ==================================================

rem The flags are explained in start_ml_server.sh.
"%JAVA_HOME%\bin\java" -Xmx%MODELSERVER_HEAP% -XX:+ExitOnOutOfMemoryError -XX:ErrorFile=data\hs_err_pid%%p.log --enable-native-access=ALL-UNNAMED %JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%

rem Keeps the home in %1 if it is a Java newer than the best one so far.
:consider
if not exist "%~1\bin\java.exe" exit /b 0
set "MAJOR="
if exist "%~1\release" for /f "tokens=2 delims==" %%V in ('findstr /b JAVA_VERSION^= "%~1\release"') do (
  for /f "tokens=1 delims=." %%M in ("%%~V") do set "MAJOR=%%~M"
)
if not defined MAJOR for /f "tokens=3" %%V in ('""%~1\bin\java.exe" -version 2^>^&1 ^| findstr /i version"') do (
  for /f "tokens=1 delims=." %%M in ("%%~V") do set "MAJOR=%%~M"
)
if not defined MAJOR exit /b 0
if %MAJOR% GTR %BEST_MAJOR% (
  set "BEST=%~f1"
  set "BEST_MAJOR=%MAJOR%"
)
exit /b 0
