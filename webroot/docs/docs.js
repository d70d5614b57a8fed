import { developmentTokens } from './local.js';
import { languages, sample } from './samples.js';

/* global SwaggerUIBundle */

const THEME = 'deloton.theme'; // shared with the dashboard
const LANGUAGE = 'deloton.docs.language';
const NEXT = { system: 'light', light: 'dark', dark: 'system' };

function setUpTheme(button) {
  const prefersDark = matchMedia('(prefers-color-scheme: dark)');
  let theme = localStorage.getItem(THEME);
  const apply = () => {
    theme = theme in NEXT ? theme : 'system';
    document.documentElement.classList.toggle('dark-mode', theme === 'dark' || (theme === 'system' && prefersDark.matches));
    button.textContent = `Theme: ${theme}`;
  };
  apply();
  prefersDark.addEventListener('change', apply);
  button.addEventListener('click', () => {
    theme = NEXT[theme];
    localStorage.setItem(THEME, theme);
    apply();
  });
}

function setUpToken(button, status, ui) {
  button.hidden = !developmentTokens;
  button.addEventListener('click', async () => {
    const response = await fetch('../v1/token', { method: 'POST' });
    const answer = await response.json();
    if (response.ok) {
      ui.preauthorizeApiKey('bearer', answer.token);
      status.textContent = 'Authorized with all scopes';
    } else {
      status.textContent = answer.detail ?? `No token: status ${response.status}`;
    }
  });
}

/** Shows a code sample in front of the responses of each operation. */
function samplesPlugin(system) {
  const { createElement, useState } = system.React;

  function Samples({ path, method }) {
    const [language, setLanguage] = useState(localStorage.getItem(LANGUAGE) ?? languages[0]);
    const shown = languages.includes(language) ? language : languages[0];
    const select = (name) => {
      localStorage.setItem(LANGUAGE, name);
      setLanguage(name);
    };
    return createElement(
      'section',
      { className: 'samples', 'aria-label': 'Code samples' },
      createElement(
        'div',
        { role: 'group', 'aria-label': 'Language' },
        ...languages.map((name) =>
          createElement('button', { key: name, type: 'button', 'aria-pressed': name === shown, onClick: () => select(name) }, name),
        ),
      ),
      createElement(
        'pre',
        { tabIndex: 0 },
        createElement('code', {}, sample(shown, system.specSelectors.specJson().toJS(), path, method, location.origin)),
      ),
    );
  }

  return {
    wrapComponents: {
      responses: (Original) =>
        function Responses(props) {
          return createElement(
            'div',
            {},
            createElement(Samples, { path: props.path, method: props.method }),
            createElement(Original, props),
          );
        },
    },
  };
}

setUpTheme(document.getElementById('theme'));
const ui = SwaggerUIBundle({
  url: '../openapi.yaml',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [samplesPlugin],
  validatorUrl: null,
  persistAuthorization: false,
});
setUpToken(document.getElementById('token'), document.getElementById('authorized'), ui);
