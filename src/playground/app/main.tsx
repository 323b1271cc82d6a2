import 'graphiql/style.css';
import './playground.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Playground } from './playground.tsx';

const root = document.getElementById('playground');
if (!root) throw new Error('The page has no place for the playground');
createRoot(root).render(
  <StrictMode>
    <Playground />
  </StrictMode>,
);
