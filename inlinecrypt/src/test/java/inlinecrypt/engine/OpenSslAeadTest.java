package inlinecrypt.engine;

class OpenSslAeadTest extends EngineAeadContract {
  @Override
  CipherEngine engine() {
    return CipherEngine.named("openssl");
  }
}
