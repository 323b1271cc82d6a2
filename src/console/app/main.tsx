import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './console.css';
import './accounts.css';
import { takeFailedSignIn } from './failed-sign-in.ts';
import { LanguageProvider } from './language.tsx';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element with the id root');

createRoot(root).render(
  <LanguageProvider>
    <App failedSignIn={takeFailedSignIn()} />
  </LanguageProvider>,
);
